/**
 * @file Runs units of work: what the journal holds is taken from there, the rest is computed, several at a time, and each
 * result is durable before anyone uses it.
 *
 * Results come back in unit order, whatever the order in which they arrived; so nothing that is made of them depends on
 * the concurrency or on the number of replicas. When a unit fails, those in flight are still finished and kept: they may
 * have cost something.
 */
import { digestOfJson, type Clock, type Digest } from '#core';
import { ServiceLane } from '../pipeline/service-lane.js';
import type { Service } from '../ports/ports.errors.js';
import { unitName, type Journal, type JournalCommit, type UnitEntry, type UnitKey } from '../storage/journal.js';
import { noteEntry, type UnitNote } from '../storage/unit-note.js';
import { RunCancelledError } from './run.errors.js';
import type { RunObserver } from './run-observer.js';

/** One unit to be done. */
export interface UnitPlan<R> {
  readonly key: UnitKey;
  /** Who is asked: each kind of service has places of its own. */
  readonly service: Service;
  /** Everything the result depends on, as JSON; its digest guards the journal against changed inputs. */
  readonly request: unknown;
  /** `halted` is aborted when the unit's pipeline has failed: what waits for better times need not wait on. */
  compute(signal: AbortSignal, halted?: AbortSignal): Promise<R>;
  /** What is noted of the unit beside its result, with the trace that it is done in. */
  readonly note?: Omit<UnitNote, 'traceId'>;
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
  /** Aborted: units that wait for a place are given up. */
  readonly halted?: AbortSignal;
}

export interface UnitRunnerOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  /** Units in flight at once at each kind of service. */
  readonly concurrency: number;
  /** Aborted: no further unit begins; those in flight end. */
  readonly stop: AbortSignal;
  /** Aborted: units in flight are given up. */
  readonly abandon: AbortSignal;
  readonly runId: string;
  readonly observer: RunObserver;
}

/** Phases that share the policy, the one nearest to the end of an iteration first; `score-online` is for the report alone. */
const POLICY_PRECEDENCE = ['train', 'generate', 'score', 'score-online'];

export class UnitRunner {
  private readonly lanes: { readonly [S in Service]: ServiceLane };

  constructor(private readonly options: UnitRunnerOptions) {
    const unitsMax = options.concurrency;
    this.lanes = {
      policy: new ServiceLane({ unitsMax, precedence: POLICY_PRECEDENCE }),
      reward: new ServiceLane({ unitsMax, precedence: [] }),
      'meta-learner': new ServiceLane({ unitsMax, precedence: [] }),
    };
  }

  /** Units that a stage may have under way ahead of the next one: as many as are in flight, and as many that wait. */
  get ahead(): number {
    return 2 * this.options.concurrency;
  }

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

  /** The result of one unit, which is durable when this resolves. */
  async one<R>(plan: UnitPlan<R>, options: RunOptions<R> = {}): Promise<R> {
    const { codec = jsonCodec(), journaled = true, onDone, halted } = options;
    const { journal, runId, observer } = this.options;
    const { key } = plan;
    const requestDigest = digestOfJson(plan.request);
    const held = await journal.result(key, requestDigest);
    if (held) {
      onDone?.({ key, requestDigest, elapsedMs: 0 });
      return codec.decode(held);
    }
    const { phase, iteration } = key;
    const unit = { runId, unitId: `${runId}/${unitName(key)}`, phase, iteration };
    const { result, elapsedMs } = await observer.unit(unit, async () => {
      // The place is free for the next unit while this one becomes durable.
      const computed = await this.lanes[plan.service].run(phase, halted, () => this.compute(plan, halted));
      if (journaled) {
        const entry = { key, requestDigest, result: codec.encode(computed.result), elapsedMs: computed.elapsedMs };
        await journal.commit({ ...plan.alsoCommit?.(computed.result), units: [entry, ...this.noted(entry, plan)] });
      }
      return computed;
    });
    onDone?.({ key, requestDigest, elapsedMs });
    return result;
  }

  private noted(entry: UnitEntry, { note }: Pick<UnitPlan<unknown>, 'note'>): UnitEntry[] {
    if (!note) return [];
    const traceId = this.options.observer.traceId();
    return [noteEntry(entry, { ...note, ...(traceId !== undefined && { traceId }) })];
  }

  private async compute<R>(
    plan: UnitPlan<R>,
    halted: AbortSignal | undefined,
  ): Promise<{ readonly result: R; readonly elapsedMs: number }> {
    const { clock, stop, abandon } = this.options;
    if (stop.aborted) throw new RunCancelledError();
    const startMs = clock.monotonicMs();
    const result = await plan.compute(abandon, halted);
    return { result, elapsedMs: clock.monotonicMs() - startMs };
  }
}

function jsonCodec<R>(): UnitCodec<R> {
  return {
    encode: (result) => Buffer.from(JSON.stringify(result)),
    decode: (bytes) => JSON.parse(Buffer.from(bytes).toString('utf8')) as R,
  };
}
