/**
 * @file Ctrl-C as two abort signals: the first asks to stop in good order, the second to stop at once. SIGTERM, and the
 * SIGHUP of a terminal that was closed, count alike.
 *
 * What one key press or one `kill` means may arrive twice: the terminal sends it to every process of its group, and the
 * programs between (npm, `scripts/metaapo.mjs`) pass theirs on. So a signal that follows another within a moment is the
 * same one.
 */
import { getEventListeners } from 'node:events';

/** Two signals closer than this are one. */
const SAME_SIGNAL_MS = 300;

export class Interrupts {
  private readonly gentle = new AbortController();
  private readonly forced = new AbortController();
  private lastMs = Number.NEGATIVE_INFINITY;

  /** Aborted by the first signal. */
  get stop(): AbortSignal {
    return this.gentle.signal;
  }

  /** Aborted by the second signal. */
  get force(): AbortSignal {
    return this.forced.signal;
  }

  /** True while something would be told of the next signal; without that, nothing would stop by it. */
  get isHeard(): boolean {
    const next = this.gentle.signal.aborted ? this.forced.signal : this.gentle.signal;
    return !next.aborted && getEventListeners(next, 'abort').length > 0;
  }

  /** Stops in good order, or at once when that was asked before. */
  readonly interrupt = (): void => {
    if (this.gentle.signal.aborted) this.forced.abort();
    else this.gentle.abort();
  };

  /** What a signal to the process at a time does; `leave` ends a process that nothing else would end. */
  signalled(nowMs: number, leave: () => void): void {
    const isSame = nowMs - this.lastMs < SAME_SIGNAL_MS;
    this.lastMs = nowMs;
    if (isSame) return;
    if (this.isHeard) this.interrupt();
    else leave();
  }

  /** Listens to the process's signals, and to the end of the program that started it, from now on. */
  listen(leave: () => void): this {
    const onSignal = (): void => this.signalled(performance.now(), leave);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
    // `scripts/metaapo.mjs` holds the other end of a channel; when it was killed, nobody can stop this process any more.
    process.once('disconnect', onSignal);
    process.channel?.unref();
    return this;
  }
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
