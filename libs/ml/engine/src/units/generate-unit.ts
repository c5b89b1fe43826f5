/**
 * @file A generate unit: prompts once through the model, then all samples together, a token at a time.
 *
 * Prompts go in waves of at most `DECODE_ROWS_MAX` samples, in order. Prompts whose samples have all ended leave the
 * batch when they are half of it. Both depend on the unit alone, never on timing.
 */
import { present } from '#core';
import { SampleInProgress } from '#ml/generate';
import { i64Tensor } from '#ml/runtime';
import { BATCH_TOKENS_MAX, microBatches } from '../batching/micro-batches.js';
import { sequenceBatch } from '../batching/sequence-batch.js';
import type { Sequence } from '../batching/sequence.js';
import type { ComputeSegment, GenerateUnit, GenerateUsage } from '../policy-engine.js';
import type { DecodeProgram } from '../programs/decode-program.js';
import type { PrefillProgram } from '../programs/prefill-program.js';
import type { PositionTables } from '../programs/sequence-io.js';
import type { WeightSet } from '../programs/weights.js';
import { DecodeCache, type PromptKeyValues } from './decode-cache.js';
import type { DivergenceProbe } from './decode-divergence.js';
import { sampleRulesOf, type SampleRulesParts } from './sample-rules.js';
import type { GenerationControl } from './unit-control.js';

/** Most samples decoded together; beyond that a step only takes longer. */
const DECODE_ROWS_MAX = 128;

export interface GenerateParts extends SampleRulesParts {
  readonly prefill: PrefillProgram;
  readonly decode: DecodeProgram;
  /** Where the divergence of 8-bit decoding is to be measured. */
  readonly probe?: DivergenceProbe;
  readonly weights: WeightSet;
  readonly positions: PositionTables;
  readonly control: GenerationControl;
  /** Runs a part of the work and notes how long it took. */
  readonly timed: <T>(name: ComputeSegment['name'], run: () => Promise<T>) => Promise<T>;
}

export type GenerationCounts = Pick<GenerateUsage, 'promptTokenCount' | 'newTokenCount' | 'decodeStepCount'>;

export async function generateUnit(parts: GenerateParts): Promise<GenerationCounts> {
  const { unit, timed } = parts;
  const promptsPerWave = Math.max(1, Math.floor(DECODE_ROWS_MAX / unit.samplesPerPrompt));
  let newTokenCount = 0;
  let decodeStepCount = 0;
  for (let first = 0; first < unit.rows.length; first += promptsPerWave) {
    const rows = unit.rows.slice(first, first + promptsPerWave);
    const prompts = await timed('prefill', async () => prefillPrompts(parts, rows));
    const counts = await timed('decode', async () => decodeWave(parts, { rows, first, prompts }));
    newTokenCount += counts.newTokenCount;
    decodeStepCount += counts.decodeStepCount;
  }
  const promptTokenCount = unit.rows.reduce((count, { prompt }) => count + prompt.length, 0);
  return { promptTokenCount, newTokenCount, decodeStepCount };
}

interface PrefilledPrompt extends PromptKeyValues {
  /** [V], of the first new token. */
  readonly logits: Float32Array;
}

async function prefillPrompts(parts: GenerateParts, rows: GenerateUnit['rows']): Promise<PrefilledPrompt[]> {
  const { prefill, weights, control, config } = parts;
  const { kvHeadCount, headDim, vocabularySize } = config;
  const result: PrefilledPrompt[] = [];
  const sequences = rows.map(({ prompt }) => promptSequence(prompt));
  for (const group of microBatches(sequences, (sequence) => [sequence], BATCH_TOKENS_MAX)) {
    await control.proceed();
    const batch = sequenceBatch(group);
    const { logits, keyValues } = await prefill.run(weights, batch);
    const size = kvHeadCount * batch.length * headDim;
    const part = (data: Float32Array, b: number) => data.subarray(b * size, (b + 1) * size);
    group.forEach(({ tokenIds }, b) => {
      result.push({
        tokenCount: tokenIds.length,
        length: batch.length,
        layers: keyValues.map(({ k, v }) => ({ k: part(k, b), v: part(v, b) })),
        logits: logits.subarray(b * vocabularySize, (b + 1) * vocabularySize),
      });
    });
  }
  return result;
}

/** A prompt of which only the last token predicts. */
export function promptSequence(prompt: readonly number[]): Sequence {
  return {
    tokenIds: prompt,
    positions: prompt.map((_, position) => position),
    branches: prompt.map(() => 0),
    targets: [{ from: prompt.length - 1, tokenId: 0, responseIndex: 0 }],
  };
}

interface Wave {
  readonly rows: GenerateUnit['rows'];
  /** Index of the first row within the unit. */
  readonly first: number;
  readonly prompts: readonly PrefilledPrompt[];
}

/** A prompt that is being answered. */
interface ActivePrompt {
  readonly rowIndex: number;
  readonly promptLength: number;
  readonly samples: readonly SampleInProgress[];
  /** Latest token of each sample. */
  readonly lastIds: number[];
}

async function decodeWave(parts: GenerateParts, wave: Wave): Promise<Omit<GenerationCounts, 'promptTokenCount'>> {
  const { unit, config, control, decode, weights, positions } = parts;
  const { samplesPerPrompt } = unit;
  const { vocabularySize } = config;
  const cache = new DecodeCache({ ...config, samplesPerPrompt }, wave.prompts);
  let active = wave.rows.map((row, n) =>
    beginPrompt(parts, { row, rowIndex: wave.first + n, prompt: wave.prompts[n] }),
  );
  let newTokenCount = active.length * samplesPerPrompt;
  let decodeStepCount = 0;
  for (const prompt of active) await emitFinished(prompt, prompt.samples.keys(), control);
  active = dropEnded(active, cache);
  while (active.length > 0) {
    await control.proceed();
    const results = await decode.run(weights, {
      ...cache.feeds(),
      ...stepFeeds(active, { samplesPerPrompt, step: decodeStepCount, positions }),
    });
    decodeStepCount++;
    cache.append(results);
    const logits = results.f32('logits'); // [N*R, V]
    for (const [n, prompt] of active.entries()) {
      const growing = [...prompt.samples.entries()].filter(([, sample]) => !sample.finished);
      for (const [r, sample] of growing) {
        const row = n * samplesPerPrompt + r;
        const rowLogits = logits.subarray(row * vocabularySize, (row + 1) * vocabularySize);
        if (r === 0) parts.probe?.note(prompt.rowIndex, { unit, tokenId: prompt.lastIds[r]!, logits: rowLogits });
        prompt.lastIds[r] = sample.next(rowLogits);
        newTokenCount++;
      }
      await emitFinished(prompt, growing.map(([r]) => r).values(), control);
    }
    active = dropEnded(active, cache);
  }
  return { newTokenCount, decodeStepCount };
}

/** Draws the first token of every sample of a prompt. */
function beginPrompt(
  parts: GenerateParts,
  at: { row: GenerateUnit['rows'][number]; rowIndex: number; prompt: PrefilledPrompt | undefined },
): ActivePrompt {
  const rules = sampleRulesOf(parts);
  const { logits } = present(at.prompt, 'prefilled prompt');
  const samples = Array.from(
    { length: parts.unit.samplesPerPrompt },
    (_, sampleIndex) => new SampleInProgress(rules, { seed: at.row.seed, sampleIndex }),
  );
  const lastIds = samples.map((sample) => sample.next(logits));
  return { rowIndex: at.rowIndex, promptLength: at.row.prompt.length, samples, lastIds };
}

async function emitFinished(
  { rowIndex, samples }: ActivePrompt,
  sampleIndices: Iterable<number>,
  control: GenerationControl,
): Promise<void> {
  for (const sampleIndex of sampleIndices) {
    const finished = samples[sampleIndex]?.finished;
    if (finished) await control.emit({ rowIndex, sampleIndex, ...finished });
  }
}

/** Ended samples go on being computed, unread, until prompts with nothing left are half of the batch. */
function dropEnded(active: ActivePrompt[], cache: DecodeCache): ActivePrompt[] {
  const places = [...active.keys()].filter((n) => active[n]?.samples.some(({ finished }) => !finished));
  if (places.length * 2 > active.length) return active;
  if (places.length > 0) cache.keep(places);
  return places.map((place) => present(active[place], `prompt ${place}`));
}

function stepFeeds(
  active: readonly ActivePrompt[],
  at: { readonly samplesPerPrompt: number; readonly step: number; readonly positions: PositionTables },
) {
  const dims = [active.length, at.samplesPerPrompt];
  const position = (prompt: ActivePrompt) => prompt.promptLength + at.step;
  const longest = Math.max(...active.map(position));
  return {
    ids: i64Tensor(
      dims,
      active.flatMap(({ lastIds }) => lastIds),
    ),
    positions: i64Tensor(
      dims,
      active.flatMap((prompt) => prompt.lastIds.map(() => position(prompt))),
    ),
    ...at.positions.feeds(longest + 1),
  };
}
