/**
 * @file Stands between the run and an annotator that may be down: repeats calls with jittered back-off under a circuit
 * breaker, and after the run's patience gives the annotator up until it answers again.
 *
 *   up ── a call fails ──▶ down ── no answer for `patience` ──▶ lost
 *   up ◀── a call is answered ── down                lost ── a probe is answered ──▶ up
 *
 * Down: one call at a time goes through, after a delay that doubles; the others wait for what comes of it. Lost: calls are
 * given up at once, save one probe whenever its time has come.
 *
 * Written here rather than taken from a library (cockatiel was at hand): those read the system's clock, and a test of
 * minutes of patience must take no minute; and `lost` with its probes is part of the run's story, not only of a call's.
 */
import type { Clock, Rng } from '#core';

export interface AnnotatorGuardOptions {
  readonly clock: Clock;
  /** Draws the jitter. */
  readonly rng: Rng;
  readonly patienceMs: number;
  /** Mean of the first delay; it doubles up to the largest. */
  readonly backoffMsFirst: number;
  readonly backoffMsMax: number;
  /** True when an earlier process had given the annotator up. */
  readonly isLost: boolean;
}

/** What became of a call. */
export type Guarded<T> =
  | { readonly kind: 'answered'; readonly value: T }
  /** Given up; `error` is the last failure of this call, if it was tried at all. */
  | { readonly kind: 'lost'; readonly error: unknown };

export interface GuardedCall<T> {
  readonly attempt: (attemptIndex: number) => Promise<T>;
  /** True for failures that say that the annotator is down; others are thrown on. */
  readonly isOutage: (error: unknown) => boolean;
  readonly signal: AbortSignal;
}

interface Outage {
  /** When the first call began that was not answered. */
  readonly sinceMs: number;
  failureCount: number;
  nextProbeMs: number;
  /** Settles when the probe under way has ended. */
  probe: PromiseWithResolvers<void> | undefined;
}

const JITTER = 0.5;

export class AnnotatorGuard {
  private outage: Outage | undefined;

  constructor(private readonly options: AnnotatorGuardOptions) {
    if (options.isLost) this.probeSoon();
  }

  /** True while calls are given up. */
  get isLost(): boolean {
    const { clock, patienceMs } = this.options;
    return this.outage !== undefined && clock.monotonicMs() - this.outage.sinceMs >= patienceMs;
  }

  /** Lets the next call of a lost annotator through. */
  probeSoon(): void {
    const { clock, patienceMs } = this.options;
    const nowMs = clock.monotonicMs();
    this.outage ??= { sinceMs: nowMs - patienceMs, failureCount: 0, nextProbeMs: nowMs, probe: undefined };
    this.outage.nextProbeMs = nowMs;
  }

  /** Calls until there is an answer, or the annotator is lost. */
  async call<T>({ attempt, isOutage, signal }: GuardedCall<T>): Promise<Guarded<T>> {
    let error: unknown;
    for (let attemptIndex = 0; ;) {
      signal.throwIfAborted();
      if (!(await this.mayTry(signal))) {
        if (this.isLost) return { kind: 'lost', error };
        continue;
      }
      try {
        const value = await this.tried(() => attempt(attemptIndex++), isOutage);
        return { kind: 'answered', value };
      } catch (thrown) {
        signal.throwIfAborted();
        if (!isOutage(thrown)) throw thrown;
        error = thrown;
      }
    }
  }

  /** True when a call may go through now; else after having waited for what may change that. */
  private async mayTry(signal: AbortSignal): Promise<boolean> {
    const { clock, patienceMs } = this.options;
    const { outage } = this;
    if (!outage) return true;
    const nowMs = clock.monotonicMs();
    if (!outage.probe && nowMs >= outage.nextProbeMs) {
      outage.probe = Promise.withResolvers();
      return true;
    }
    if (this.isLost) return false;
    const lostAtMs = outage.sinceMs + patienceMs;
    if (outage.probe) await this.ended(outage.probe.promise, lostAtMs - nowMs, signal);
    else await clock.sleep(Math.min(outage.nextProbeMs, lostAtMs) - nowMs, signal);
    return false;
  }

  /** Waits for a probe to end, at most so long: one that hangs holds the others up no longer than the run's patience. */
  private async ended(probe: Promise<void>, durationMs: number, signal: AbortSignal): Promise<void> {
    const done = new AbortController();
    const outOfTime = this.options.clock.sleep(durationMs, AbortSignal.any([signal, done.signal]));
    await Promise.race([probe, outOfTime.catch(() => undefined)]);
    done.abort();
  }

  /** One attempt; what comes of it says how the annotator is. */
  private async tried<T>(attempt: () => Promise<T>, isOutage: (error: unknown) => boolean): Promise<T> {
    const startMs = this.options.clock.monotonicMs();
    const probed = this.outage;
    try {
      const value = await attempt();
      this.outage = undefined;
      return value;
    } catch (error) {
      if (isOutage(error)) this.failed(startMs);
      throw error;
    } finally {
      probed?.probe?.resolve();
      if (probed) probed.probe = undefined;
    }
  }

  private failed(startMs: number): void {
    const { clock, rng, backoffMsFirst, backoffMsMax } = this.options;
    this.outage ??= { sinceMs: startMs, failureCount: 0, nextProbeMs: 0, probe: undefined };
    const mean = Math.min(backoffMsFirst * 2 ** this.outage.failureCount, backoffMsMax);
    this.outage.failureCount += 1;
    this.outage.nextProbeMs = clock.monotonicMs() + mean * (1 - JITTER + 2 * JITTER * rng.uniform());
  }
}
