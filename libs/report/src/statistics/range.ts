/** @file The ends of a list of numbers of any length: spread into `Math.min`, a hundred thousand exhaust the stack. */

export interface Range {
  readonly lowest: number;
  readonly highest: number;
}

/** Infinities the wrong way round where there are no values. */
export function rangeOf(values: readonly number[]): Range {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const value of values) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return { lowest, highest };
}
