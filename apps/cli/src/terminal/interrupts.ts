/**
 * @file Ctrl-C as two abort signals: the first asks to stop in good order, the second to stop at once. SIGTERM counts as
 * the first.
 */
export class Interrupts {
  private readonly gentle = new AbortController();
  private readonly forced = new AbortController();

  /** Aborted by the first signal. */
  get stop(): AbortSignal {
    return this.gentle.signal;
  }

  /** Aborted by the second signal. */
  get force(): AbortSignal {
    return this.forced.signal;
  }

  /** What a signal to the process does. */
  readonly interrupt = (): void => {
    if (this.gentle.signal.aborted) this.forced.abort();
    else this.gentle.abort();
  };

  /** Listens to the process's signals from now on. */
  listen(): this {
    process.on('SIGINT', this.interrupt);
    process.on('SIGTERM', this.interrupt);
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
