/**
 * @file The limits that a promotion has to keep, and whether a report keeps them. What counts is the figure itself, not
 * the end of its interval: `items_min` says from how many items on it is to be trusted.
 */
import type { SwapReport } from './swap-report.js';

/** As configured; an absent one limits nothing. */
export interface SwapLimits {
  readonly pair_flip_max?: number | undefined;
  readonly best_of_k_change_max?: number | undefined;
  readonly spearman_min?: number | undefined;
  readonly items_min?: number | undefined;
}

export interface LimitBreach {
  readonly limit: keyof SwapLimits;
  readonly allowed: number;
  /** Undefined where the items do not define it. */
  readonly figure: number | undefined;
}

const figures: { readonly [Limit in keyof SwapLimits]-?: (report: SwapReport) => number | undefined } = {
  pair_flip_max: ({ pairFlipFraction }) => pairFlipFraction?.estimate,
  best_of_k_change_max: ({ bestOfKChangeFraction }) => bestOfKChangeFraction?.estimate,
  spearman_min: ({ spearman }) => spearman?.estimate,
  items_min: ({ itemCount }) => itemCount,
};

/** Limits that a report breaks. A figure that is not defined breaks its limit: nothing is known. */
export function breachesOf(report: SwapReport, limits: SwapLimits): LimitBreach[] {
  const names = Object.keys(figures) as (keyof SwapLimits)[];
  return names.flatMap((limit) => {
    const allowed = limits[limit];
    if (allowed === undefined) return [];
    const figure = figures[limit](report);
    const isKept = figure !== undefined && (limit.endsWith('_max') ? figure <= allowed : figure >= allowed);
    return isKept ? [] : [{ limit, allowed, figure }];
  });
}
