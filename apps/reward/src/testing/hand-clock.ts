/** @file For tests: a clock that jumps over waits and keeps them; waits beyond its patience end when the test says so. */
import { setImmediate as breath } from 'node:timers/promises';
import type { Clock } from '#core';

export class HandClock implements Clock {
  /** Waits that were jumped over, in milliseconds, in order. */
  readonly jumps: number[] = [];
  private atMs = 0;
  private readonly waiting = new Set<() => void>();

  /** Waits as long as this or longer are held, in milliseconds. */
  constructor(private readonly patienceMs: number) {}

  nowMs(): number {
    return this.atMs;
  }

  monotonicMs(): number {
    return this.atMs;
  }

  async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (durationMs >= this.patienceMs) {
      await this.held(signal);
      return;
    }
    this.jumps.push(durationMs);
    this.atMs += durationMs;
    await breath();
    signal?.throwIfAborted();
  }

  advance(durationMs: number): void {
    this.atMs += durationMs;
  }

  /** Ends all waits that are held. */
  expire(): void {
    for (const end of this.waiting) end();
    this.waiting.clear();
  }

  private held(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.add(resolve);
      signal?.addEventListener(
        'abort',
        () => {
          this.waiting.delete(resolve);
          reject(signal.reason as Error);
        },
        { once: true },
      );
    });
  }
}
