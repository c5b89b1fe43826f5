/** @file The queue as its users see it: measured. Spans and metrics of waiting and computing are recorded here. */
import type { Clock } from '#core';
import type { CallContext } from '#platform/rpc';
import { count, recordDuration, recordSpan, setGauge } from '#platform/telemetry';
import type { UnitQueue, UnitStages, UnitTimes } from './unit-queue.js';
import { QueueFullError } from './units.errors.js';

const SERVICE = { service: 'policy' } as const;

/** Kinds of units, as metrics name them. */
export type UnitPhase = 'score' | 'generate' | 'gradient';

export interface UnitDescription {
  readonly phase: UnitPhase;
  readonly itemCount: number;
  readonly call: CallContext;
}

export class UnitRunner {
  readonly #queue: UnitQueue;
  readonly #clock: Clock;

  constructor(queue: UnitQueue, clock: Clock) {
    this.#queue = queue;
    this.#clock = clock;
  }

  /** Units that wait for their turn. */
  get depth(): number {
    return this.#queue.depth;
  }

  /** As `UnitQueue.run`. */
  async run<Prepared, Result>(
    { phase, itemCount, call }: UnitDescription,
    { prepare, compute }: UnitStages<Prepared, Result>,
  ): Promise<{ readonly result: Result; readonly times: UnitTimes }> {
    const startMs = this.#clock.nowMs();
    try {
      const outcome = await this.#queue.run(call, {
        prepare: () => {
          this.#recordDepth();
          return prepare();
        },
        compute: (prepared) => {
          this.#recordDepth();
          recordSpan('queue', { itemCount }, { startMs, endMs: this.#clock.nowMs() });
          return compute(prepared);
        },
      });
      recordDuration('queueDuration', outcome.times.queueMs, { phase });
      recordDuration('computeDuration', outcome.times.computeMs, { phase, ...SERVICE });
      return outcome;
    } catch (thrown) {
      if (thrown instanceof QueueFullError) count('refusals', 1, { ...SERVICE, outcome: thrown.code });
      throw thrown;
    } finally {
      this.#recordDepth();
    }
  }

  #recordDepth(): void {
    setGauge('queueUnits', this.#queue.depth, SERVICE);
  }
}
