/** @file Sums over a journal that are asked for all the time: kept in memory, moved by every commit. */
import type { JournalCommit } from './journal.js';

export interface JournalTotals {
  readonly steps: number;
  readonly metaUpdates: number;
  /** Zero for a name that was never counted. */
  counter(name: string): number;
  /** Counters whose names begin with a text, without it. */
  countersBelow(prefix: string): ReadonlyMap<string, number>;
}

export class RunningTotals implements JournalTotals {
  constructor(
    public steps: number,
    public metaUpdates: number,
    private readonly counters: Map<string, number>,
  ) {}

  counter(name: string): number {
    return this.counters.get(name) ?? 0;
  }

  countersBelow(prefix: string): ReadonlyMap<string, number> {
    const below = [...this.counters].filter(([name]) => name.startsWith(prefix));
    return new Map(below.map(([name, value]) => [name.slice(prefix.length), value]));
  }

  /** Called once the commit is durable. */
  add({ step, metaState, counters = {} }: JournalCommit): void {
    if (step) this.steps += 1;
    if (metaState && metaState.loss !== null) this.metaUpdates += 1;
    for (const [name, by] of Object.entries(counters)) this.counters.set(name, this.counter(name) + by);
  }
}
