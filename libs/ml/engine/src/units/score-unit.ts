/** @file A score unit: rows with their responses, under each policy in turn. */
import { present } from '#core';
import { pairLosses, type LossKind } from '#ml/losses';
import type { Policy } from '../adapters/policies.js';
import { BATCH_TOKENS_MAX, microBatches } from '../batching/micro-batches.js';
import { sequencesOf, type Sequence } from '../batching/sequence.js';
import { sequenceBatch } from '../batching/sequence-batch.js';
import type { ResponseLogProbs, ScoreUnit } from '../policy-engine.js';
import type { ScoreProgram } from '../programs/score-program.js';
import type { WeightSet } from '../programs/weights.js';
import type { UnitControl } from './unit-control.js';

/** Token log-probabilities of every response of a unit, in order. */
export type TokenLogProbs = readonly Float32Array[];

export async function scoreUnit(
  program: ScoreProgram,
  unit: ScoreUnit,
  policies: readonly Policy[],
  control: UnitControl,
): Promise<ResponseLogProbs[][]> {
  const sequences: Sequence[] = [];
  const lengths: number[] = [];
  for (const { prompt, responses } of unit.rows) {
    sequences.push(...sequencesOf({ prompt, responses, firstResponseIndex: lengths.length }, BATCH_TOKENS_MAX));
    lengths.push(...responses.map((response) => response.length));
  }
  const byPolicy: TokenLogProbs[] = [];
  for (const { weights } of policies) {
    byPolicy.push(await tokenLogProbsOf(program, weights, { sequences, lengths }, control));
  }
  let next = 0;
  return unit.rows.map(({ responses }) =>
    responses.map(() => {
      const tokens = byPolicy.map((logProbs) => present(logProbs[next], `response ${next}`));
      next++;
      const sums = tokens.map(sumOf);
      return unit.includeTokenLogProbs ? { sums, tokens } : { sums };
    }),
  );
}

/** Scores sequences in micro-batches; `lengths` are those of the responses. */
export async function tokenLogProbsOf(
  program: ScoreProgram,
  weights: WeightSet,
  { sequences, lengths }: { readonly sequences: readonly Sequence[]; readonly lengths: readonly number[] },
  control: UnitControl,
): Promise<Float32Array[]> {
  const result = lengths.map((length) => new Float32Array(length));
  const filled = lengths.map(() => 0);
  for (const group of microBatches(sequences, (sequence) => [sequence], BATCH_TOKENS_MAX)) {
    await control.proceed();
    const batch = sequenceBatch(group);
    const logProbs = await program.run(weights, batch);
    batch.responseIndices.forEach((response, row) => {
      present(result[response], `response ${response}`)[filled[response]!++] = logProbs[row]!;
    });
  }
  return result;
}

/** Log-probability of a response as a loss wants it: the sum over its tokens, or the mean. */
export function logProbsFor(loss: LossKind, tokens: Float32Array): number {
  return sumOf(tokens) / (pairLosses[loss].averagesTokens ? tokens.length : 1);
}

/** Sum in float64, in order. */
export function sumOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
