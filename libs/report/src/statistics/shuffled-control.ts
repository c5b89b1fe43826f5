/**
 * @file Whether what the meta-learner saw of a row's online pair belongs to that row.
 *
 * The gain g = ℓ_on − ℓ_off holds −ℓ_off, so plotted against ℓ_off it slopes down whatever the online pairs say. The
 * control breaks the tie between a row and its online pair by a seeded shuffle of ℓ_on; the slope that is left is the
 * built-in part.
 */
import type { Rng } from '#core';
import { mean, quantileOfSorted } from './bootstrap.js';

/** Shuffles behind the range of slopes. */
export const SHUFFLE_COUNT = 1_000;

export interface ScoredRow {
  readonly ellOff: number;
  readonly ellOn: number;
}

export interface ShuffledControl {
  /** The rows with ℓ_on shuffled once, for drawing. */
  readonly rows: readonly ScoredRow[];
  /** Least-squares slope of g on ℓ_off over the rows as they are; undefined when ℓ_off does not vary. */
  readonly slope: number | undefined;
  /** Middle 95 % of that slope over the shuffles; undefined likewise. */
  readonly shuffledSlopes: readonly [low: number, high: number] | undefined;
}

/** Draws the control and the slopes of rows and shuffles. */
export function shuffledControl(rows: readonly ScoredRow[], rng: Rng): ShuffledControl {
  const ellOff = rows.map((row) => row.ellOff);
  const ellOn = rows.map((row) => row.ellOn);
  const drawn = rng.shuffled(ellOn);
  const slope = gainSlope(ellOff, ellOn);
  const control = rows.map((row, i) => ({ ellOff: row.ellOff, ellOn: drawn[i]! }));
  if (slope === undefined) return { rows: control, slope, shuffledSlopes: undefined };
  const slopes = Float64Array.from({ length: SHUFFLE_COUNT }, () => gainSlope(ellOff, rng.shuffled(ellOn))!).sort();
  return { rows: control, slope, shuffledSlopes: [quantileOfSorted(slopes, 0.025), quantileOfSorted(slopes, 0.975)] };
}

/** Slope of ℓ_on − ℓ_off on ℓ_off: cov(ℓ_on, ℓ_off) / var(ℓ_off) − 1. */
export function gainSlope(ellOff: readonly number[], ellOn: readonly number[]): number | undefined {
  if (ellOff.length < 2) return undefined;
  const meanOff = mean(ellOff);
  const meanOn = mean(ellOn);
  let covariance = 0;
  let variance = 0;
  for (let i = 0; i < ellOff.length; i++) {
    const deviation = ellOff[i]! - meanOff;
    covariance += deviation * (ellOn[i]! - meanOn);
    variance += deviation * deviation;
  }
  return variance === 0 ? undefined : covariance / variance - 1;
}
