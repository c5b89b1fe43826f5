/**
 * @file A generate unit, a run per wave: what the step-by-step path does, with the steps on the device.
 *
 * The graph stops at end tokens only. The rules that end a sample are then applied to the tokens that came back, so that
 * stop texts and lengths end samples exactly as they do step by step. A wave cannot be left halfway: a cancelled unit
 * ends with the wave that it is in.
 */
import { present } from '#core';
import { SampleInProgress, sampleUniforms, type SampleKey } from '#ml/generate';
import { MASKED } from '#ml/nn';
import { f32View, f64View, i64Tensor, i64View, type RunResults, type SessionTensor } from '#ml/runtime';
import { sequenceBatch } from '../batching/sequence-batch.js';
import type { GenerateUnit } from '../policy-engine.js';
import { promptSequence, type GenerateParts, type GenerationCounts } from '../units/generate-unit.js';
import { sampleRulesOf } from '../units/sample-rules.js';
import type { DrawRules } from './draw-tokens.js';
import type { GenerateProgram } from './generate-program.js';
import type { DeviceProfile } from './device-profile.js';

/** Most samples that are decoded together, and most padded prompt tokens. */
const ROWS_MAX = 256;
const PROMPT_TOKENS_MAX = 16_384;

export type LoopParts = Omit<GenerateParts, 'prefill' | 'decode'> & {
  readonly program: GenerateProgram;
  readonly device: DeviceProfile;
};

/** What the sampling settings of a unit make part of the graph. */
export function drawRulesOf({ temperature, topK, topP }: GenerateUnit['sampling']): DrawRules {
  const greedy = temperature === 0;
  return { greedy, topK: greedy ? 0 : topK, hasTopP: !greedy && topP < 1 };
}

export async function loopGeneration(parts: LoopParts): Promise<GenerationCounts> {
  const { unit, control, timed } = parts;
  const counts = { promptTokenCount: 0, newTokenCount: 0, decodeStepCount: 0 };
  for (const { first, rows } of waves(unit)) {
    await control.proceed();
    const results = await timed('decode', async () => parts.program.run(parts.weights, feedsOf(parts, rows)));
    const [rounds = 0] = results.dims('next_ids');
    counts.decodeStepCount += rounds;
    for (const [n, row] of rows.entries()) {
      counts.promptTokenCount += row.prompt.length;
      for (let sampleIndex = 0; sampleIndex < unit.samplesPerPrompt; sampleIndex++) {
        const place = n * unit.samplesPerPrompt + sampleIndex;
        const sample = replay(parts, results, {
          place,
          rowCount: rows.length * unit.samplesPerPrompt,
          key: { seed: row.seed, sampleIndex },
        });
        counts.newTokenCount += sample.tokenCount;
        await control.emit({ rowIndex: first + n, sampleIndex, ...sample.finished });
      }
    }
  }
  return counts;
}

/** Rows in order, as many at a time as fit. */
function* waves({ rows, samplesPerPrompt }: GenerateUnit): Generator<{ first: number; rows: GenerateUnit['rows'] }> {
  let first = 0;
  while (first < rows.length) {
    let count = 0;
    let longest = 0;
    while (first + count < rows.length) {
      const next = Math.max(longest, rows[first + count]?.prompt.length ?? 0);
      const fits = (count + 1) * samplesPerPrompt <= ROWS_MAX && (count + 1) * next <= PROMPT_TOKENS_MAX;
      if (count > 0 && !fits) break;
      longest = next;
      count++;
    }
    yield { first, rows: rows.slice(first, first + count) };
    first += count;
  }
}

function feedsOf(parts: LoopParts, rows: GenerateUnit['rows']): Record<string, SessionTensor> {
  const { unit, positions, device } = parts;
  const { samplesPerPrompt, sampling } = unit;
  const batch = sequenceBatch(rows.map(({ prompt }) => promptSequence(prompt)));
  const { sequenceCount: n, length: p } = batch;
  const promptMask = new Float32Array(n * p).fill(MASKED);
  rows.forEach(({ prompt }, row) => promptMask.fill(0, row * p, row * p + prompt.length - 1));
  const numbers = (dims: readonly number[], data: Float64Array): SessionTensor =>
    device.drawType === 'f64' ? f64View(dims, data) : f32View(dims, belowOne(data));
  return {
    ids: i64View([n, p], batch.ids),
    positions: i64View([n, p], batch.positions),
    mask: f32View([n, 1, 1, p, p], batch.mask),
    rows: i64View([n], batch.rows),
    prompt_mask: f32View([n, 1, 1, p], promptMask),
    prompt_lengths: i64Tensor(
      [n, 1],
      rows.map(({ prompt }) => prompt.length),
    ),
    uniforms: numbers([sampling.maxNewTokens, n, samplesPerPrompt], uniformsOf(unit, rows)),
    temperature: f64OrF32(device, sampling.temperature),
    top_p: f64OrF32(device, sampling.topP),
    rounds: i64Tensor([], [sampling.maxNewTokens - 1]),
    ...positions.feeds(p + sampling.maxNewTokens),
  };
}

function f64OrF32({ drawType }: DeviceProfile, number: number): SessionTensor {
  return drawType === 'f64' ? f64View([], Float64Array.of(number)) : f32View([], Float32Array.of(number));
}

/** [steps, N, R]: the numbers that each sample would draw with by itself. */
function uniformsOf({ samplesPerPrompt, sampling }: GenerateUnit, rows: GenerateUnit['rows']): Float64Array {
  const rowCount = rows.length * samplesPerPrompt;
  const uniforms = new Float64Array(sampling.maxNewTokens * rowCount);
  rows.forEach(({ seed }, n) => {
    for (let sampleIndex = 0; sampleIndex < samplesPerPrompt; sampleIndex++) {
      const own = sampleUniforms({ seed, sampleIndex }, sampling.maxNewTokens);
      own.forEach((uniform, step) => (uniforms[step * rowCount + n * samplesPerPrompt + sampleIndex] = uniform));
    }
  });
  return uniforms;
}

/** The largest float32 below 1: rounding may not leave the interval. */
const BELOW_ONE = 1 - 2 ** -24;

function belowOne(data: Float64Array): Float32Array {
  return Float32Array.from(data, (number) => Math.min(number, BELOW_ONE));
}

/** Applies the rules of a sample to the tokens that were drawn for it. */
function replay(
  parts: LoopParts,
  results: RunResults,
  { place, rowCount, key }: { readonly place: number; readonly rowCount: number; readonly key: SampleKey },
) {
  const sample = new SampleInProgress(sampleRulesOf(parts), key);
  const [rounds = 0] = results.dims('next_ids');
  let tokenCount = 0;
  for (let token = 0; token <= rounds && !sample.finished; token++) {
    const [prefix, at] = token === 0 ? ['first', place] : ['next', (token - 1) * rowCount + place];
    sample.accept({
      tokenId: Number(results.i64(`${prefix}_ids`)[at]),
      logProb: Number(results.reals(`${prefix}_log_probs`)[at]),
    });
    tokenCount++;
  }
  return { finished: present(sample.finished, 'a sample that the loop has ended'), tokenCount };
}
