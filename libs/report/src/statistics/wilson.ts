/**
 * @file How sure a share of successes is: Wilson's score interval (1927), which keeps within [0, 1] and holds for few trials
 * and shares near the ends, where the usual ± does not.
 *
 *   (p̂ + z²/2n ± z·√(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n)
 */

/** A share with its 95 % interval. */
export interface Proportion {
  readonly count: number;
  readonly total: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** 97.5 % quantile of the normal distribution. */
const Z = 1.959963984540054;

/** Of nothing the share is unknown: NaN, and the interval is everything. */
export function proportion(count: number, total: number): Proportion {
  if (total === 0) return { count, total, share: Number.NaN, low: 0, high: 1 };
  const share = count / total;
  const centre = share + Z ** 2 / (2 * total);
  const reach = Z * Math.sqrt((share * (1 - share)) / total + Z ** 2 / (4 * total ** 2));
  const scale = 1 + Z ** 2 / total;
  // Exactly 0 and 1 at the ends, where rounding would leave a trace.
  const low = count === 0 ? 0 : (centre - reach) / scale;
  return { count, total, share, low, high: count === total ? 1 : (centre + reach) / scale };
}
