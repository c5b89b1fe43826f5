/**
 * @file Do preferences hold as often as they are sure? A difference of rewards d claims that the first is preferred with
 * probability σ(d); which of two stands first is a convention, so the claim is σ(|d|) for the one with the higher reward.
 *
 *   log loss  −log σ(d)      Brier  (1 − σ(d))²      ECE  Σ_b n_b/n · |share right in b − mean claim in b|
 *
 * with d of the chosen to the rejected response; bins of equal width on [½, 1]. Sources: Brier 1950; Guo et al. 2017, arXiv
 * 1706.04599.
 */
import { present, type Rng } from '#core';
import { quantileOfSorted } from './bootstrap.js';
import { proportion, type Proportion } from './wilson.js';

export interface ReliabilityBin {
  /** Claims in [low, high). */
  readonly low: number;
  readonly high: number;
  readonly meanClaim: number;
  readonly right: Proportion;
}

/** A figure with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Calibration {
  readonly logLoss: Estimate;
  readonly brier: Estimate;
  /** Expected calibration error. Never negative, so that few pairs make it look worse than it is. */
  readonly calibrationError: Estimate;
  /** Bins with pairs. */
  readonly bins: readonly ReliabilityBin[];
}

const BIN_COUNT = 10;
const RESAMPLE_COUNT = 2000;

/** @param differences reward of the chosen less that of the rejected response, pair by pair; at least one */
export function calibrationOf(differences: readonly number[], rng: Rng): Calibration {
  const all = Uint32Array.from(differences, (_, index) => index);
  const losses = Float64Array.from(differences, logLossOf);
  const briers = Float64Array.from(differences, (difference) => (1 - sigmoid(difference)) ** 2);
  const statistics = [
    (indices: Uint32Array) => meanAt(losses, indices),
    (indices: Uint32Array) => meanAt(briers, indices),
    (indices: Uint32Array) => calibrationError(differences, indices),
  ];
  const [logLoss, brier, error] = bootstrapped(all, statistics, rng);
  return {
    logLoss: present(logLoss, 'log loss'),
    brier: present(brier, 'Brier score'),
    calibrationError: present(error, 'calibration error'),
    bins: binsOf(differences, all),
  };
}

/** Each statistic of all pairs, with percentile intervals over the same resamples. */
function bootstrapped(
  all: Uint32Array,
  statistics: readonly ((indices: Uint32Array) => number)[],
  rng: Rng,
): Estimate[] {
  const values = statistics.map(() => new Float64Array(RESAMPLE_COUNT));
  const indices = new Uint32Array(all.length);
  for (let resample = 0; resample < RESAMPLE_COUNT; resample++) {
    for (let i = 0; i < indices.length; i++) indices[i] = rng.below(all.length);
    statistics.forEach((statistic, s) => (values[s]![resample] = statistic(indices)));
  }
  return statistics.map((statistic, s) => {
    const sorted = values[s]!.sort();
    return { value: statistic(all), low: quantileOfSorted(sorted, 0.025), high: quantileOfSorted(sorted, 0.975) };
  });
}

function calibrationError(differences: readonly number[], indices: Uint32Array): number {
  const sums = binned(differences, indices);
  return sums.reduce((error, { claims, right }) => error + Math.abs(right - claims) / indices.length, 0);
}

function binsOf(differences: readonly number[], indices: Uint32Array): ReliabilityBin[] {
  const width = 0.5 / BIN_COUNT;
  return binned(differences, indices).flatMap(({ claims, right, count }, bin) => {
    const low = 0.5 + bin * width;
    return count === 0 ? [] : [{ low, high: low + width, meanClaim: claims / count, right: proportion(right, count) }];
  });
}

/** Sums of claims, and pairs that are as claimed, by bin. A tie claims nothing and is half right. */
function binned(differences: readonly number[], indices: Uint32Array) {
  const bins = Array.from({ length: BIN_COUNT }, () => ({ claims: 0, right: 0, count: 0 }));
  for (const index of indices) {
    const difference = differences[index]!;
    const claim = sigmoid(Math.abs(difference));
    const bin = bins[Math.min(BIN_COUNT - 1, Math.floor((claim - 0.5) * 2 * BIN_COUNT))]!;
    bin.claims += claim;
    bin.right += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
    bin.count += 1;
  }
  return bins;
}

function meanAt(values: Float64Array, indices: Uint32Array): number {
  let sum = 0;
  for (const index of indices) sum += values[index]!;
  return sum / indices.length;
}

/** −log σ(d), finite however large d is. */
function logLossOf(difference: number): number {
  return difference >= 0 ? Math.log1p(Math.exp(-difference)) : Math.log1p(Math.exp(difference)) - difference;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
