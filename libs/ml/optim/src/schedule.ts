/**
 * @file Learning-rate schedules: factors of the base rate at optimizer step k = 0, 1, …
 *
 *   warm-up (k < W):   k / W                                     so step 0 has rate 0 when there is warm-up
 *   then, with p = (k − W) / (N − W) and the least factor f:
 *     constant:        1
 *     linear:          1 − (1 − f)·min(1, p)
 *     cosine:          f + (1 − f)·(1 + cos πp) / 2
 *
 * Source: Loshchilov and Hutter, arXiv 1608.03983, Eq. 5; warm-up, and the cosine's rise past its end, as transformers'
 * `get_cosine_with_min_lr_schedule_with_warmup`. A run that stops after N steps never sees that rise.
 */
import { assert } from '#core';

export interface Schedule {
  readonly kind: 'constant' | 'linear' | 'cosine';
  /** N: optimizer steps in all, ≥ 1. */
  readonly totalSteps: number;
  /** W: in [0, N]. @default 0 */
  readonly warmupSteps?: number;
  /** F: in [0, 1]; `constant` ignores it. @default 0 */
  readonly leastFactor?: number;
}

/** W from a share of N, rounded up as transformers does. */
export function warmupStepsOf(totalSteps: number, ratio: number): number {
  return Math.ceil(totalSteps * ratio);
}

/** The factor at step `k`, counted from 0. */
export function scheduleFactor(schedule: Schedule, k: number): number {
  const { kind, totalSteps, warmupSteps = 0, leastFactor = 0 } = schedule;
  assert(Number.isInteger(k) && k >= 0, `step ${k} is not a count`);
  assert(
    totalSteps >= 1 && warmupSteps >= 0,
    `a schedule needs steps, got ${totalSteps} with ${warmupSteps} of warm-up`,
  );
  if (k < warmupSteps) return k / warmupSteps;
  const progress = (k - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
  switch (kind) {
    case 'constant':
      return 1;
    case 'linear':
      return 1 - (1 - leastFactor) * Math.min(1, progress);
    case 'cosine':
      return leastFactor + (1 - leastFactor) * 0.5 * (1 + Math.cos(Math.PI * progress));
    default:
      return kind satisfies never;
  }
}
