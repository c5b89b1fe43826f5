/**
 * @file How long processes have worked on the run, for a budget in seconds. It goes into the journal with each decision, so
 * that a later process goes on counting; what a killed process worked after its last decision is not counted.
 */
import type { Clock } from '#core';
import type { Journal } from '../storage/journal.js';

const COUNTER = 'work_ms';

export class WorkTime {
  private readonly limitMs: number;
  /** Up to here it is in the journal. */
  private recordedToMs: number;

  constructor(
    private readonly options: {
      /** null without a limit. */
      readonly seconds: number | null;
      readonly journal: Pick<Journal, 'totals'>;
      readonly clock: Clock;
    },
  ) {
    this.limitMs = options.seconds === null ? Infinity : 1000 * options.seconds;
    this.recordedToMs = options.clock.monotonicMs();
  }

  get isOver(): boolean {
    const { journal, clock } = this.options;
    return journal.totals.counter(COUNTER) + clock.monotonicMs() - this.recordedToMs >= this.limitMs;
  }

  /** What is to be added to the journal's counters with the next commit; nothing without a limit. */
  take(): Readonly<Record<string, number>> {
    if (this.limitMs === Infinity) return {};
    const sinceMs = Math.floor(this.options.clock.monotonicMs() - this.recordedToMs);
    this.recordedToMs += sinceMs;
    return sinceMs > 0 ? { [COUNTER]: sinceMs } : {};
  }
}
