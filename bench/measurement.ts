/** @file What a benchmark gives, and small statistics. */
import { systemClock } from '#core';

export interface Measurement {
  /** Benchmark and quantity, for instance `event-loop: p99 delay while scoring`. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** A bound that the value has to keep; absent where there is none. */
  readonly goal?: { readonly relation: 'at most' | 'at least'; readonly bound: number };
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

/** Seconds of the fastest of several runs, after one that is not counted: the least disturbed by the machine's other work. */
export async function fastestSeconds(runCount: number, run: () => Promise<unknown>): Promise<number> {
  await run();
  let best = Infinity;
  for (let index = 0; index < runCount; index += 1) {
    const startMs = systemClock.monotonicMs();
    await run();
    best = Math.min(best, systemClock.monotonicMs() - startMs);
  }
  return best / 1000;
}
