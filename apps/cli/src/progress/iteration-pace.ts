/**
 * @file When a run will end, from the iterations seen so far. An iteration lasts until the next one begins, evaluations
 * included; one that the journal answered in part lasted longer than what was seen of it, and teaches nothing.
 */
export class IterationPace {
  private readonly durationsMs: number[] = [];
  private current: { readonly iteration: number; readonly startMs: number; isReplayed: boolean } | undefined;

  constructor(private readonly iterationCount: number | undefined) {}

  /** A phase of an iteration began; `isReplayed` when the journal holds units of it. */
  phaseBegan(iteration: number, timeMs: number, isReplayed: boolean): void {
    if (this.current?.iteration === iteration) {
      this.current.isReplayed ||= isReplayed;
      return;
    }
    if (this.current && !this.current.isReplayed) this.durationsMs.push(timeMs - this.current.startMs);
    this.current = { iteration, startMs: timeMs, isReplayed };
  }

  /** Until the end of the last iteration; undefined before one was seen from its start to its end. */
  remainingMs(nowMs: number): number | undefined {
    const { current, durationsMs, iterationCount } = this;
    if (current === undefined || iterationCount === undefined || durationsMs.length === 0) return undefined;
    const meanMs = durationsMs.reduce((sum, duration) => sum + duration, 0) / durationsMs.length;
    const restMs = Math.max(0, meanMs - (nowMs - current.startMs));
    return restMs + Math.max(0, iterationCount - current.iteration - 1) * meanMs;
  }
}
