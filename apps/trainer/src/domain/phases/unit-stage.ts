/**
 * @file A phase as a stage of a pipeline: groups of items come, each becomes a unit of work, and results go on in order.
 * Watchers see the phase begin with its first unit; a phase to which nothing comes is not told of.
 */
import { Pipeline } from '../pipeline/pipeline.js';
import { collected } from '../pipeline/streams.js';
import type { OpenPhase } from '../run/phase-tracker.js';
import type { RunContext } from '../run/run-context.js';
import type { Figures } from '../run/run-events.js';
import type { UnitPlan } from '../run/unit-runner.js';
import type { UnitKey } from '../storage/journal.js';
import type { UnitNote } from '../storage/unit-note.js';

export interface UnitStage<I, R> {
  readonly phase: string;
  readonly iteration: number;
  /** The items of each unit. */
  readonly source: AsyncIterable<readonly I[]>;
  /** Units as far as can be told now, never fewer than come. */
  readonly unitsExpected: () => number;
  readonly planOf: (items: readonly I[], key: UnitKey) => UnitPlan<R>;
  /** What is noted of each unit; without it nothing is. */
  readonly noteOf?: ((items: readonly I[]) => Omit<UnitNote, 'traceId'>) | undefined;
  /** True for a unit in which nothing is asked: it is not kept, since its items may have more to ask when they are made anew. */
  readonly asksNothing?: (items: readonly I[]) => boolean;
  /** Tokens that the service read or wrote for a unit, for watchers. */
  readonly tokensOf?: (result: R) => number;
  /** More figures for watchers, when a unit is done. */
  readonly figuresOf?: () => Figures;
  /** What came of the phase, for watchers. May refuse it. */
  readonly ended: (results: readonly R[]) => Figures | Promise<Figures>;
}

export interface DoneUnit<I, R> {
  readonly items: readonly I[];
  readonly result: R;
}

export function unitStage<I, R>(
  context: RunContext,
  pipeline: Pipeline,
  stage: UnitStage<I, R>,
): AsyncIterable<DoneUnit<I, R>> {
  const { phase, iteration, unitsExpected, planOf, noteOf, asksNothing, tokensOf, figuresOf, ended } = stage;
  const results: R[] = [];
  let opened: Promise<OpenPhase> | undefined;
  let begunCount = 0;
  let doneCount = 0;
  let hasAll = false;
  const open = async (): Promise<OpenPhase> => {
    const countDone = await context.journal.unitCount(iteration, phase);
    return context.phases.begin({ phase, iteration }, { expected: unitsExpected, countDone });
  };
  const closeWhenDone = async (): Promise<void> => {
    if (!hasAll || !opened || doneCount < begunCount) return;
    const figures = await ended(results);
    await (await opened).close(figures);
  };
  pipeline.onHalt(() => {
    if (opened) void pipeline.start(async () => await (await opened)?.close());
  });
  async function* watched(): AsyncGenerator<readonly I[], void, undefined> {
    yield* stage.source;
    hasAll = true;
    await closeWhenDone();
  }
  return pipeline.stage(watched(), {
    ahead: context.units.ahead,
    work: async (items, unit) => {
      begunCount += 1;
      opened ??= open();
      const { advance } = await opened;
      const plan = { ...planOf(items, { iteration, phase, unit }), ...(noteOf && { note: noteOf(items) }) };
      const result = await context.units.one(plan, { halted: pipeline.halted, journaled: !asksNothing?.(items) });
      results[unit] = result;
      doneCount += 1;
      advance({ rows: items.length, ...(tokensOf && { tokens: tokensOf(result) }), ...figuresOf?.() });
      await closeWhenDone();
      return { items, result };
    },
  });
}

/** Everything that a stage by itself gives. */
export async function alone<T>(stageOf: (pipeline: Pipeline) => AsyncIterable<T>): Promise<T[]> {
  const pipeline = new Pipeline();
  const results = pipeline.start(() => collected(stageOf(pipeline)));
  await pipeline.finish();
  return await results;
}
