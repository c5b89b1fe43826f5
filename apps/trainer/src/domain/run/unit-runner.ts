/**
 * @file Runs units of work: what the journal holds is taken from there, the rest is computed, several at a time, and each
 * result is durable before anyone uses it.
 *
 * Results come back in unit order, whatever the order in which they arrived; so nothing that is made of them depends on
 * the concurrency or on the number of replicas. When a unit fails, those in flight are still finished and kept: they may
 * have cost something.
 */
import { digestOfJson, type Clock, type Digest } from '#core';
import { unitName, type Journal, type JournalCommit, type UnitKey } from '../storage/journal.js';
import { RunCancelledError } from './run.errors.js';
import type { RunObserver } from './run-observer.js';

/** One unit to be done. */
export interface UnitPlan<R> {
  readonly key: UnitKey;
  /** Everything the result depends on, as JSON; its digest guards the journal against changed inputs. */
  readonly request: unknown;
  compute(signal: AbortSignal): Promise<R>;
  /** Becomes durable together with the unit. */
  alsoCommit?(result: R): Omit<JournalCommit, 'units'>;
}

export interface UnitCodec<R> {
  encode(result: R): Uint8Array;
  decode(bytes: Uint8Array): R;
}

export interface UnitReport {
  readonly key: UnitKey;
  readonly requestDigest: Digest;
  /** Zero when it came from the journal. */
  readonly elapsedMs: number;
}

export interface RunOptions<R> {
  readonly codec?: UnitCodec<R>;
  /** False leaves the commit to the caller, who makes what the unit led to durable instead. @default true */
  readonly journaled?: boolean;
  /** Called after each unit is durable. */
  readonly onDone?: (report: UnitReport) => void;
}

export interface UnitRunnerOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  /** Units in flight at once. */
  readonly concurrency: number;
  /** Aborted: no further unit begins; those in flight end. */
  readonly stop: AbortSignal;
  /** Aborted: units in flight are given up. */
  readonly abandon: AbortSignal;
  readonly runId: string;
  readonly observer: RunObserver;
}

export class UnitRunner {
  constructor(private readonly options: UnitRunnerOptions) {}

  /** Results in the order of the plans. Throws the error of the first unit that failed. */
  async run<R>(plans: readonly UnitPlan<R>[], runOptions: RunOptions<R> = {}): Promise<R[]> {
    const results: R[] = Array.from({ length: plans.length });
    const failures: { readonly index: number; readonly error: unknown }[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < plans.length && failures.length === 0) {
        const index = next++;
        try {
          results[index] = await this.one(plans[index]!, runOptions);
        } catch (error) {
          failures.push({ index, error });
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.options.concurrency, plans.length) }, work));
    const [first] = failures.toSorted((a, b) => a.index - b.index);
    if (first) throw first.error;
    return results;
  }

  private async one<R>(
    plan: UnitPlan<R>,
    { codec = jsonCodec(), journaled = true, onDone }: RunOptions<R>,
  ): Promise<R> {
    const { journal, clock, stop, abandon, runId, observer } = this.options;
    const requestDigest = digestOfJson(plan.request);
    const held = await journal.result(plan.key, requestDigest);
    if (held) {
      onDone?.({ key: plan.key, requestDigest, elapsedMs: 0 });
      return codec.decode(held);
    }
    if (stop.aborted) throw new RunCancelledError();
    const startMs = clock.monotonicMs();
    const { phase, iteration } = plan.key;
    const unitId = `${runId}/${unitName(plan.key)}`;
    const { result, elapsedMs } = await observer.unit({ runId, unitId, phase, iteration }, async () => {
      const computed = await plan.compute(abandon);
      const durationMs = clock.monotonicMs() - startMs;
      if (journaled) {
        const entry = { key: plan.key, requestDigest, result: codec.encode(computed), elapsedMs: durationMs };
        await journal.commit({ ...plan.alsoCommit?.(computed), units: [entry] });
      }
      return { result: computed, elapsedMs: durationMs };
    });
    onDone?.({ key: plan.key, requestDigest, elapsedMs });
    return result;
  }
}

function jsonCodec<R>(): UnitCodec<R> {
  return {
    encode: (result) => Buffer.from(JSON.stringify(result)),
    decode: (bytes) => JSON.parse(Buffer.from(bytes).toString('utf8')) as R,
  };
}
