/**
 * @file Admission of requests to one server, in order of arrival: so many at once, so many a minute, so many tokens a
 * minute, and none while it has asked for quiet.
 */
import type { Clock } from '#core';
import { unlessAborted } from '../../unless-aborted.js';
import type { CallSettings } from './call-settings.js';
import { MinuteWindow, type WindowEntry } from './minute-window.js';

/** A request that is let through. */
export interface Pass {
  /** Waits until it may be repeated, and counts the repetition. */
  again(signal: AbortSignal): Promise<void>;
  /** Corrects what was estimated, for the last attempt. */
  spent(tokenCount: number): void;
  /** Makes room for the next. To be called once. */
  leave(): void;
}

export class Gate {
  /** Settles when all that arrived so far are let through or have left. */
  private last: Promise<unknown> = Promise.resolve();
  private underWay = 0;
  private onRoom: (() => void) | undefined;
  private quietUntilMs = -Infinity;
  private readonly requests: MinuteWindow;
  private readonly tokens: MinuteWindow;

  constructor(
    private readonly limits: Pick<CallSettings, 'concurrency' | 'requestsPerMinute' | 'tokensPerMinute'>,
    private readonly clock: Clock,
  ) {
    this.requests = new MinuteWindow(limits.requestsPerMinute);
    this.tokens = new MinuteWindow(limits.tokensPerMinute);
  }

  /** Waits for its turn. @throws the signal's reason */
  async enter(tokenCount: number, signal: AbortSignal): Promise<Pass> {
    const before = this.last;
    const own = Promise.withResolvers<void>();
    this.last = own.promise;
    try {
      await unlessAborted(before, signal);
      await this.room(signal);
      this.underWay += 1;
      try {
        return this.pass(await this.rates(tokenCount, signal), tokenCount);
      } catch (thrown) {
        this.leave();
        throw thrown;
      }
    } finally {
      void before.then(() => own.resolve());
    }
  }

  /** Nothing begins for so long: the server has asked for it. */
  quiet(durationMs: number): void {
    this.quietUntilMs = Math.max(this.quietUntilMs, this.clock.monotonicMs() + durationMs);
  }

  private pass(first: WindowEntry, tokenCount: number): Pass {
    let entry = first;
    return {
      again: async (signal) => {
        entry = await this.rates(tokenCount, signal);
      },
      spent: (actual) => {
        entry.amount = actual;
      },
      leave: () => this.leave(),
    };
  }

  private leave(): void {
    this.underWay -= 1;
    this.onRoom?.();
  }

  /** Only the first in line waits here. */
  private async room(signal: AbortSignal): Promise<void> {
    while (this.underWay >= this.limits.concurrency) {
      const room = Promise.withResolvers<void>();
      this.onRoom = room.resolve;
      await unlessAborted(room.promise, signal);
    }
  }

  /** Those that repeat wait here beside the first in line; whoever finds room first takes it. */
  private async rates(tokenCount: number, signal: AbortSignal): Promise<WindowEntry> {
    for (;;) {
      const nowMs = this.clock.monotonicMs();
      const waitMs = Math.max(
        this.quietUntilMs - nowMs,
        this.requests.waitMs(1, nowMs),
        this.tokens.waitMs(tokenCount, nowMs),
      );
      if (waitMs <= 0) {
        this.requests.add(1, nowMs);
        return this.tokens.add(tokenCount, nowMs);
      }
      await this.clock.sleep(waitMs, signal);
    }
  }
}
