/**
 * @file Rank correlations of two scores over the same responses, with ties, for weighted responses.
 *
 * Spearman's ρ is Pearson's correlation of the mid-ranks. Kendall's τ_b is
 *
 *   (concordant − discordant) / √((n₀ − n₁)(n₀ − n₂)),   n₀ = n (n − 1) / 2, n₁ and n₂ the pairs tied in x and in y
 *
 * (Kendall 1945, Biometrika 33). Pairs are counted with a Fenwick tree over the ranks of y while x ascends, in n log n.
 */
import { midRanks, tiedPairs, type RankOrder } from './rank-order.js';

/** Two scores of the same responses. */
export interface RankedPairs {
  readonly x: RankOrder;
  readonly y: RankOrder;
}

/** In [−1, 1]; undefined where one of the scores does not vary. */
export function spearman({ x, y }: RankedPairs, weights: Float64Array): number | undefined {
  return correlation(midRanks(x, weights), midRanks(y, weights), weights);
}

/** Pearson's, weighted; undefined where one of them does not vary. */
function correlation(a: Float64Array, b: Float64Array, weights: Float64Array): number | undefined {
  let total = 0;
  let sumA = 0;
  let sumB = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    total += weight;
    sumA += weight * a[i]!;
    sumB += weight * b[i]!;
  }
  const meanA = sumA / total;
  const meanB = sumB / total;
  let covariance = 0;
  let varianceA = 0;
  let varianceB = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    const fromA = a[i]! - meanA;
    const fromB = b[i]! - meanB;
    covariance += weight * fromA * fromB;
    varianceA += weight * fromA * fromA;
    varianceB += weight * fromB * fromB;
  }
  if (!(varianceA > 0 && varianceB > 0)) return undefined;
  return clamped(covariance / Math.sqrt(varianceA * varianceB));
}

/** In [−1, 1]; undefined where one of the scores does not vary. */
export function kendallTauB({ x, y }: RankedPairs, weights: Float64Array): number | undefined {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const all = (total * (total - 1)) / 2;
  const apartInX = all - tiedPairs(x, weights);
  const apartInY = all - tiedPairs(y, weights);
  if (!(apartInX > 0 && apartInY > 0)) return undefined;
  return clamped(concordantLessDiscordant({ x, y }, weights) / Math.sqrt(apartInX * apartInY));
}

function concordantLessDiscordant({ x, y }: RankedPairs, weights: Float64Array): number {
  const places = densePlaces(y);
  const seen = new FenwickTree(weights.length);
  let seenTotal = 0;
  let balance = 0;
  for (let start = 0; start < x.order.length;) {
    const end = x.tieEnds[start]!;
    for (let at = start; at < end; at++) {
      const index = x.order[at]!;
      const below = seen.sumTo(places[index]!);
      const above = seenTotal - seen.sumTo(places[index]! + 1);
      balance += weights[index]! * (below - above);
    }
    for (let at = start; at < end; at++) {
      const index = x.order[at]!;
      seen.add(places[index]!, weights[index]!);
      seenTotal += weights[index]!;
    }
    start = end;
  }
  return balance;
}

/** Number of each value's run of equal ones, ascending from 0. */
function densePlaces({ order, tieEnds }: RankOrder): Uint32Array {
  const places = new Uint32Array(order.length);
  let place = 0;
  for (let at = 0; at < order.length; at++) {
    if (at > 0 && tieEnds[at] !== tieEnds[at - 1]) place++;
    places[order[at]!] = place;
  }
  return places;
}

/** Prefix sums that change, each in logarithmic time (Fenwick 1994). */
class FenwickTree {
  private readonly sums: Float64Array;

  constructor(size: number) {
    this.sums = new Float64Array(size + 1);
  }

  add(place: number, amount: number): void {
    for (let at = place + 1; at < this.sums.length; at += at & -at) this.sums[at] = this.sums[at]! + amount;
  }

  /** Sum of the places below `place`. */
  sumTo(place: number): number {
    let sum = 0;
    for (let at = place; at > 0; at -= at & -at) sum += this.sums[at]!;
    return sum;
  }
}

/** Rounding may lead a hair beyond ±1. */
const clamped = (value: number): number => Math.min(1, Math.max(-1, value));
