/**
 * @file One unit at a time, in the order of arrival.
 *
 * The engine computes one batch after the other, so units wait here, where waiting is bounded, visible and can be given
 * up. A unit is prepared (its text encoded) as soon as it is admitted, while others compute; its turn comes by arrival
 * all the same. A unit that nobody waits for any more is never started.
 */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '#core';
import { QueueFullError, UnitExpiredError } from './units.errors.js';

/** Bounds of the hint after which a refused caller comes back, in milliseconds. */
const RETRY_AFTER_MS_MIN = 50;
const RETRY_AFTER_MS_MAX = 5000;

export interface UnitQueueOptions {
  /** Most units that wait while one computes. At least 1. */
  readonly unitsMax: number;
  readonly clock: Clock;
}

/** Who waits for a unit, and for how long. */
export interface UnitCall {
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly deadlineAtMs: number | undefined;
}

/** The two stages of a unit. */
export interface UnitStages<Prepared, Result> {
  /** Runs at once, beside the unit that computes; must yield to the event loop. */
  readonly prepare: () => Promise<Prepared>;
  /** Runs when it is the unit's turn; the next unit starts when it has settled. */
  readonly compute: (prepared: Prepared) => Promise<Result>;
}

/** Where a unit's time went, in milliseconds. */
export interface UnitTimes {
  readonly queueMs: number;
  readonly tokenizeMs: number;
  readonly computeMs: number;
}

export class UnitQueue {
  readonly #options: UnitQueueOptions;
  /** Settles when every unit that arrived so far is over. */
  #tail: Promise<unknown> = Promise.resolve();
  #admittedCount = 0;
  #computingCount = 0;
  #lastComputeMs = 0;

  constructor(options: UnitQueueOptions) {
    this.#options = options;
  }

  /** Units that wait for their turn. */
  get depth(): number {
    return this.#admittedCount - this.#computingCount;
  }

  /**
   * Runs a unit when its turn comes.
   *
   * @throws QueueFullError (`QUEUE_FULL`), UnitExpiredError (`UNIT_EXPIRED`), the signal's reason, and what stages throw
   */
  async run<Prepared, Result>(
    call: UnitCall,
    { prepare, compute }: UnitStages<Prepared, Result>,
  ): Promise<{ readonly result: Result; readonly times: UnitTimes }> {
    const { unitsMax, clock } = this.#options;
    // One unit may compute, or be about to, besides those that wait.
    if (this.#admittedCount > unitsMax) throw new QueueFullError(unitsMax, this.#retryAfterMs());
    const turn = this.#tail;
    let finish: () => void = () => {};
    this.#tail = new Promise<void>((resolve) => (finish = resolve));
    this.#admittedCount += 1;
    try {
      const enteredAtMs = clock.monotonicMs();
      const prepared = await prepare();
      const preparedAtMs = clock.monotonicMs();
      await untilAborted(turn, call.signal);
      // Lets a cancellation that has arrived by now be heard before the engine starts.
      await setImmediate();
      const startedAtMs = clock.monotonicMs();
      call.signal.throwIfAborted();
      if (clock.nowMs() >= (call.deadlineAtMs ?? Infinity)) throw new UnitExpiredError(startedAtMs - enteredAtMs);
      const result = await this.#computing(() => compute(prepared));
      const computeMs = clock.monotonicMs() - startedAtMs;
      this.#lastComputeMs = computeMs;
      const tokenizeMs = preparedAtMs - enteredAtMs;
      return { result, times: { queueMs: startedAtMs - preparedAtMs, tokenizeMs, computeMs } };
    } finally {
      this.#admittedCount -= 1;
      // One that left early passes the turn on only when it would have come.
      void turn.then(finish);
    }
  }

  async #computing<T>(compute: () => Promise<T>): Promise<T> {
    this.#computingCount += 1;
    try {
      return await compute();
    } finally {
      this.#computingCount -= 1;
    }
  }

  /** About when the next unit ends: as long as the last one took. */
  #retryAfterMs(): number {
    return Math.round(Math.min(Math.max(this.#lastComputeMs, RETRY_AFTER_MS_MIN), RETRY_AFTER_MS_MAX));
  }
}

async function untilAborted(turn: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const listening = new AbortController();
  try {
    await Promise.race([turn, rejectedByAbort(signal, listening.signal)]);
  } finally {
    listening.abort();
  }
}

function rejectedByAbort(signal: AbortSignal, until: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true, signal: until });
  });
}
