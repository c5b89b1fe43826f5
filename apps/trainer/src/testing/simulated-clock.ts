/**
 * @file Time that passes only while everything waits for it: a run whose services sleep by this clock takes as long as a
 * real one by its own account, the same each time, and next to no time for who waits for the test.
 */
import type { Clock } from '#core';

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

/** Turns of the event loop without work before time goes on: a file operation's end takes one to be noticed. */
const QUIET_TURNS = 3;

export class SimulatedClock implements Clock {
  private timeMs = 0;
  private readonly sleepers: Sleeper[] = [];
  private isMoving = false;

  nowMs(): number {
    return this.timeMs;
  }

  monotonicMs(): number {
    return this.timeMs;
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const abort = () => {
        this.sleepers.splice(this.sleepers.indexOf(sleeper), 1);
        reject(signal?.reason as Error);
      };
      const wake = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const sleeper: Sleeper = { untilMs: this.timeMs + durationMs, wake };
      signal?.addEventListener('abort', abort, { once: true });
      this.sleepers.push(sleeper);
      void this.move();
    });
  }

  /** Lets time go on whenever nothing else can, as long as anyone sleeps. */
  private async move(): Promise<void> {
    if (this.isMoving) return;
    this.isMoving = true;
    while (this.sleepers.length > 0) {
      await quiet();
      // The first of those that wake earliest: who fell asleep first wakes first.
      const next = this.sleepers.reduce<Sleeper | undefined>(
        (best, sleeper) => (best && best.untilMs <= sleeper.untilMs ? best : sleeper),
        undefined,
      );
      if (!next) break;
      this.sleepers.splice(this.sleepers.indexOf(next), 1);
      this.timeMs = Math.max(this.timeMs, next.untilMs);
      next.wake();
    }
    this.isMoving = false;
  }
}

/** Resolves when neither promises nor file operations have anything left to do. */
async function quiet(): Promise<void> {
  for (let turns = 0; turns < QUIET_TURNS;) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    turns = process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq')) ? 0 : turns + 1;
  }
}
