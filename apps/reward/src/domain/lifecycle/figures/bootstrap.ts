/**
 * @file Intervals by resampling: items are drawn with replacement, as many as there are, and the figures computed anew;
 * their 2.5th and 97.5th percentiles bound the interval (percentile bootstrap; Efron 1979, Annals of Statistics 7).
 *
 * Items are drawn, not responses: those of one prompt depend on each other.
 */
import { Rng } from '#core';

/** A figure with its interval. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export const RESAMPLES = 1000;
const LOWER = 0.025;
const UPPER = 0.975;

export interface BootstrapOptions<Name extends string> {
  readonly itemCount: number;
  /** The figures where item i counts `weights[i]` times; undefined where these items do not define one. */
  readonly figures: (weights: Float64Array) => Readonly<Record<Name, number | undefined>>;
  readonly names: readonly Name[];
  readonly seed: string;
  /** @default RESAMPLES */
  readonly resamples?: number;
}

/** Every figure that all items together define. */
export function bootstrap<Name extends string>({
  itemCount,
  figures,
  names,
  seed,
  resamples = RESAMPLES,
}: BootstrapOptions<Name>): Partial<Record<Name, Interval>> {
  const estimates = figures(new Float64Array(itemCount).fill(1));
  const drawn = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  const rng = new Rng('swap report', seed);
  const weights = new Float64Array(itemCount);
  for (let resample = 0; resample < resamples; resample++) {
    weights.fill(0);
    for (let draw = 0; draw < itemCount; draw++) {
      const item = rng.below(itemCount);
      weights[item] = weights[item]! + 1;
    }
    const values = figures(weights);
    for (const name of names) {
      const value = values[name];
      if (value !== undefined) drawn[name].push(value);
    }
  }
  const result: Partial<Record<Name, Interval>> = {};
  for (const name of names) {
    const estimate = estimates[name];
    if (estimate !== undefined) result[name] = { estimate, ...bounds(drawn[name], estimate) };
  }
  return result;
}

/** Of values that may be few: a figure that hardly any resample defines has the estimate alone. */
function bounds(values: readonly number[], estimate: number): { readonly low: number; readonly high: number } {
  if (values.length === 0) return { low: estimate, high: estimate };
  const sorted = Float64Array.from(values).sort();
  return { low: quantile(sorted, LOWER), high: quantile(sorted, UPPER) };
}

/** Linear between neighbours. @param sorted ascending, not empty */
export function quantile(sorted: Float64Array, fraction: number): number {
  const place = fraction * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (place - below) * (high - low);
}
