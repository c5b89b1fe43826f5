/**
 * @file Long work on the main thread in short slices.
 *
 * Encoding text and hashing tensors happen on the thread that answers calls. Between small steps they ask for a pause;
 * it is taken once a slice of time is used up, so that no call waits longer than about one slice and one step.
 */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '#core';

/** A tenth of the 50 ms that a call may find the event loop busy. */
const SLICE_MS = 5;

export class EventLoopShare {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #sliceStartMs: number;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    this.#sliceStartMs = clock.monotonicMs();
  }

  /** Lets others run when the slice is used up. @throws the signal's reason when nobody waits for the work any more */
  async pause(): Promise<void> {
    if (this.#clock.monotonicMs() - this.#sliceStartMs < SLICE_MS) return;
    await setImmediate();
    this.#signal.throwIfAborted();
    this.#sliceStartMs = this.#clock.monotonicMs();
  }
}
