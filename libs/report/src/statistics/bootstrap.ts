/**
 * @file Paired bootstrap: how sure a difference of means over the same prompts is.
 *
 * With d_i = after_i − before_i over the n prompts that both policies answered and the judge scored, a resample draws n
 * prompts with replacement and takes the mean of their d. The interval is the percentile interval of those means
 * (Efron and Tibshirani 1993, chapter 13). It speaks of the choice of prompts only: another training seed is not in it.
 */
import { Rng, assert } from '#core';

/** Resamples of every interval in a report. */
export const RESAMPLE_COUNT = 10_000;

/** Prompts below which a report says that its intervals are rough. */
export const PROMPT_COUNT_MIN = 200;

export interface PairedBootstrapOptions {
  /** What the draws are a function of. */
  readonly rng: Rng;
  /** Number of resamples, at least 1. @default 10000 */
  readonly resampleCount?: number;
  /** Probability that the interval covers, in (0, 1). @default 0.95 */
  readonly level?: number;
}

/** A difference of means over pairs, with its interval. */
export interface PairedDifference {
  readonly pairCount: number;
  readonly meanBefore: number;
  readonly meanAfter: number;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/** Compares two lists prompt by prompt; a prompt with a null on either side is left out. Undefined when none is left. */
export function pairedBootstrap(
  before: readonly (number | null)[],
  after: readonly (number | null)[],
  { rng, resampleCount = RESAMPLE_COUNT, level = 0.95 }: PairedBootstrapOptions,
): PairedDifference | undefined {
  assert(before.length === after.length, `paired lists have ${before.length} and ${after.length} entries`);
  const pairs = before.flatMap((value, i): [number, number][] => {
    const other = after[i];
    return value === null || other === null || other === undefined ? [] : [[value, other]];
  });
  if (pairs.length === 0) return undefined;
  const differences = Float64Array.from(pairs, ([x, y]) => y - x);
  const means = resampledMeans(differences, rng, resampleCount).sort();
  const tail = (1 - level) / 2;
  return {
    pairCount: pairs.length,
    meanBefore: mean(pairs.map(([x]) => x)),
    meanAfter: mean(pairs.map(([, y]) => y)),
    difference: mean(differences),
    low: quantileOfSorted(means, tail),
    high: quantileOfSorted(means, 1 - tail),
  };
}

function resampledMeans(values: Float64Array, rng: Rng, resampleCount: number): Float64Array {
  const count = values.length;
  const scale = count / 2 ** 32; // a 32-bit word to an index; its bias of at most count / 2³² is far below the noise
  const means = new Float64Array(resampleCount);
  for (let r = 0; r < resampleCount; r++) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[Math.floor(rng.uint32() * scale)]!;
    means[r] = sum / count;
  }
  return means;
}

/** Arithmetic mean; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996). */
export function quantileOfSorted(sorted: ArrayLike<number>, probability: number): number {
  assert(sorted.length > 0, 'a quantile of nothing was asked for');
  const position = probability * (sorted.length - 1);
  const below = Math.floor(position);
  const lower = sorted[below]!;
  const upper = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return lower + (position - below) * (upper - lower);
}
