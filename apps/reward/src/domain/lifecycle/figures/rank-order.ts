/**
 * @file Values in ascending order, sorted once, so that every resample of a bootstrap gets its ranks in one pass: a
 * resample is a weight per value, which says how many copies of it there are.
 */

export interface RankOrder {
  /** Indices of the values, ascending by value. */
  readonly order: Uint32Array;
  /** Per place in `order`: where the run of equal values that it belongs to ends, exclusive. */
  readonly tieEnds: Uint32Array;
}

/** @param values finite */
export function rankOrderOf(values: Float64Array): RankOrder {
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const tieEnds = new Uint32Array(order.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    tieEnds.fill(end, start, end);
    start = end;
  }
  return { order, tieEnds };
}

/**
 * Ranks from 1; equal values share the mean of theirs.
 *
 * A run of equal values whose copies number t, behind s smaller ones, has rank s + (t + 1) / 2.
 */
export function midRanks({ order, tieEnds }: RankOrder, weights: Float64Array): Float64Array {
  const ranks = new Float64Array(order.length);
  let smaller = 0;
  for (let start = 0; start < order.length;) {
    const end = tieEnds[start]!;
    let copies = 0;
    for (let at = start; at < end; at++) copies += weights[order[at]!]!;
    for (let at = start; at < end; at++) ranks[order[at]!] = smaller + (copies + 1) / 2;
    smaller += copies;
    start = end;
  }
  return ranks;
}

/** Pairs of equal values among all copies: Σ t (t − 1) / 2 over runs of t equal ones. */
export function tiedPairs({ order, tieEnds }: RankOrder, weights: Float64Array): number {
  let pairs = 0;
  for (let start = 0; start < order.length;) {
    const end = tieEnds[start]!;
    let copies = 0;
    for (let at = start; at < end; at++) copies += weights[order[at]!]!;
    pairs += (copies * (copies - 1)) / 2;
    start = end;
  }
  return pairs;
}
