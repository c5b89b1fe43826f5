/** @file Calls back when nothing was heard for too long. */
import type { Clock } from '#core';

export class Watch {
  private current = new AbortController();

  constructor(
    private readonly clock: Clock,
    private readonly timeoutMs: number,
    private readonly onOver: () => void,
  ) {}

  /** The time begins anew. */
  restart(): void {
    this.stop();
    const watching = new AbortController();
    this.current = watching;
    const over = (): void => {
      if (!watching.signal.aborted) this.onOver();
    };
    this.clock.sleep(this.timeoutMs, watching.signal).then(over, () => {});
  }

  stop(): void {
    this.current.abort();
  }
}
