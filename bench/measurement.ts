/** @file What a benchmark gives, and small statistics. */
import { systemClock } from '#core';

export interface Measurement {
  /** The job, for instance `scoring`. */
  readonly job: string;
  /** Whose or which quantity of it. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** A bound that the value has to keep; absent where there is none. */
  readonly goal?: { readonly relation: 'at most' | 'at least'; readonly bound: number };
  /** How often ours is as fast, round by round; only where the value is their median. */
  readonly rounds?: readonly number[];
  readonly note?: string;
}

export function keepsGoal({ value, goal }: Measurement): boolean {
  if (!goal) return true;
  return goal.relation === 'at most' ? value <= goal.bound : value >= goal.bound;
}

/** The q-th quantile, q in [0, 1], of at least one value. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

/** The middle value, or the mean of the two in the middle, of at least one. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

export async function secondsOf(run: () => Promise<unknown>): Promise<number> {
  const startMs = systemClock.monotonicMs();
  await run();
  return (systemClock.monotonicMs() - startMs) / 1000;
}

/** Seconds of the fastest of several runs, after one that is not counted: the least disturbed by the machine's other work. */
export async function fastestSeconds(runCount: number, run: () => Promise<unknown>): Promise<number> {
  await run();
  let best = Infinity;
  for (let index = 0; index < runCount; index += 1) best = Math.min(best, await secondsOf(run));
  return best;
}
