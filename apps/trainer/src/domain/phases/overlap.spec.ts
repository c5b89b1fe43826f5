/**
 * Goal: the stages of an iteration go on side by side, so that it takes hardly longer than its busiest stage alone, and
 * comes to the same as stages one after the other. Method: toy services that take simulated time, which passes only while
 * everything waits for it: the figures are exact, and the same on any machine.
 */
import { describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportData } from '#report';
import type { NumberedEvent } from '../run/run-events.js';
import type { RunSnapshot } from '../run/run-snapshot.js';
import { SimulatedClock } from '../../testing/simulated-clock.js';
import { timedServices, type TimedServices, type TimedStage } from '../../testing/timed-services.js';
import { temporaryFolder, toyRun } from '../../testing/toy-run.js';

/** An annotator of 300 ms per unit is the busiest; two replicas of the policy have as much to do, but share it. */
const UNIT_MS: { readonly [Stage in TimedStage]: number } = { score: 40, generate: 220, gradient: 40, annotate: 300 };
const REPLICAS = 2;
const RATIO_MAX = 1.15;

const OVERRIDES = [
  'algorithm.iterations=1',
  'algorithm.warm_up.epochs=0',
  'evaluation.count=1',
  'evaluation.examples=0',
  'evaluation.judges=[]',
  'units.gradient_items=4',
];

interface Timed {
  readonly adapter: Buffer;
  /** From the first unit of the iteration to its last, in milliseconds. */
  readonly wallMs: number;
  /** When each phase ended, from the start of the iteration. */
  readonly endedMs: ReadonlyMap<string, number>;
  readonly busyMs: TimedServices['busyMs'];
}

async function timed(overrides: readonly string[], rowCount = 180): Promise<Timed> {
  const clock = new SimulatedClock();
  const services = timedServices({ clock, unitMs: UNIT_MS, replicas: REPLICAS });
  const folder = temporaryFolder();
  let events: Promise<NumberedEvent<RunSnapshot>[]> | undefined;
  const { state } = await toyRun({
    folder,
    services,
    clock,
    rowCount,
    overrides: [...OVERRIDES, ...overrides],
    onStart: (run) => {
      events = collected(run.watch(0, new AbortController().signal));
    },
  });
  equal(state, 'succeeded');
  const phases = ((await events) ?? []).flatMap(({ event, timeMs }) =>
    'phase' in event && !event.phase.startsWith('evaluate') ? [{ ...event, timeMs }] : [],
  );
  const startMs = phases[0]?.timeMs ?? 0;
  const endedMs = new Map(
    phases.flatMap(({ kind, phase, timeMs }) => (kind === 'phase_ended' ? [[phase, timeMs - startMs] as const] : [])),
  );
  const adapter = readFileSync(join(folder, 'run', 'adapter', 'adapter_model.safetensors'));
  return { adapter, wallMs: Math.max(...endedMs.values()), endedMs, busyMs: services.busyMs };
}

async function collected<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

/** The time that the busiest stage needs for itself: the annotator one unit at a time, the policy so many. */
function busiestMs({ busyMs }: Timed): number {
  const of = (...stages: readonly TimedStage[]) => stages.reduce((sum, stage) => sum + (busyMs.get(stage) ?? 0), 0);
  return Math.max(of('annotate'), of('score') / REPLICAS, of('generate') / REPLICAS, of('gradient'));
}

describe('an iteration whose stages overlap', () => {
  it('takes at most 1.15 times as long as its busiest stage when training follows the order of the data', async (t) => {
    const run = await timed(['optimizer.order=data']);
    const ratio = run.wallMs / busiestMs(run);
    t.diagnostic(`${run.wallMs} ms over ${busiestMs(run)} ms: ${ratio.toFixed(3)}`);
    ok(ratio <= RATIO_MAX, `${run.wallMs} ms, the busiest stage ${busiestMs(run)} ms: ${ratio.toFixed(3)}`);
  });

  it('samples pairs as fast when training shuffles them, and trains when the last one is known', async (t) => {
    const run = await timed([]);
    const sampledMs = run.endedMs.get('annotate') ?? Infinity;
    const ratio = sampledMs / busiestMs(run);
    t.diagnostic(`${sampledMs} ms over ${busiestMs(run)} ms: ${ratio.toFixed(3)}; whole iteration ${run.wallMs} ms`);
    ok(ratio <= RATIO_MAX, `${sampledMs} ms, the busiest stage ${busiestMs(run)} ms: ${ratio.toFixed(3)}`);
    const trainedMs = run.wallMs - sampledMs;
    ok(trainedMs <= RATIO_MAX * (run.busyMs.get('gradient') ?? 0), `${trainedMs} ms of training`);
  });

  it('gives the same bytes at any speed of any service, and one unit at a time', async () => {
    const rowCount = 60;
    for (const order of ['shuffled', 'data']) {
      const overlapped = await timed([`optimizer.order=${order}`, 'units.concurrency=8'], rowCount);
      const folder = temporaryFolder();
      await toyRun({
        folder,
        rowCount,
        overrides: [...OVERRIDES, `optimizer.order=${order}`, 'units.concurrency=1'],
      });
      deepEqual(overlapped.adapter, readFileSync(join(folder, 'run', 'adapter', 'adapter_model.safetensors')), order);
    }
  });

  it('gates every row by φ at its start, although φ learns before the last row is scored', async () => {
    const decided = async (order: string): Promise<unknown> => {
      const { gate, updatesBeforeLastGate } = await gated(order);
      if (order === 'data') ok(updatesBeforeLastGate > 0, 'no update came before the last gate call');
      return gate;
    };
    deepEqual(await decided('data'), await decided('shuffled'));
  });
});

/** The gate's decisions of a run, and how often φ had been updated when the last of them was made. */
async function gated(order: string): Promise<{ readonly gate: unknown; readonly updatesBeforeLastGate: number }> {
  const clock = new SimulatedClock();
  const services = timedServices({ clock, unitMs: UNIT_MS, replicas: REPLICAS });
  const folder = temporaryFolder();
  let updatesBeforeLastGate = 0;
  const { metaLearner } = services;
  const gate = metaLearner.gate.bind(metaLearner);
  metaLearner.gate = (unit) => {
    updatesBeforeLastGate = metaLearner.updates.length;
    return gate(unit);
  };
  await toyRun({ folder, services, clock, rowCount: 120, overrides: [...OVERRIDES, `optimizer.order=${order}`] });
  const report = JSON.parse(readFileSync(join(folder, 'run', 'report.json'), 'utf8')) as ReportData;
  return { gate: report.iterations.map((iteration) => iteration.gate), updatesBeforeLastGate };
}
