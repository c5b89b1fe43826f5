/** @file Waiting for anything to change, for a limited time. */
import type { Clock } from '#core';

export class Change {
  private next = Promise.withResolvers<void>();

  constructor(private readonly clock: Clock) {}

  tell(): void {
    this.next.resolve();
    this.next = Promise.withResolvers();
  }

  /** Resolves at the next change or when the time is up; rejects with the signal's reason. */
  async within(durationMs: number, signal: AbortSignal): Promise<void> {
    const settled = new AbortController();
    const outOfTime = this.clock.sleep(durationMs, AbortSignal.any([signal, settled.signal]));
    await Promise.race([this.next.promise, outOfTime.catch(() => undefined)]);
    settled.abort();
    signal.throwIfAborted();
  }
}
