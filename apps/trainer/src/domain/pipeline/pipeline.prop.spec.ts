/**
 * Goal: whatever the order in which units end, a pipeline forms the same units and gives the same results.
 * Method: three stages with groups between them; fast-check picks who ends next, and prints the seed of what it found.
 */
import { describe, it } from 'node:test';
import { deepEqual, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { chunked } from '../algorithm/rows.js';
import { Pipeline } from './pipeline.js';
import { RowFates } from './row-fates.js';
import { ServiceLane } from './service-lane.js';
import { grouped, streamOf } from './streams.js';

const shapes = fc.record({
  count: fc.integer({ min: 0, max: 40 }),
  sizes: fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 })),
  ahead: fc.integer({ min: 1, max: 5 }),
  unitsMax: fc.integer({ min: 1, max: 4 }),
  keepOne: fc.integer({ min: 1, max: 4 }),
});
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

const isKept = (row: number, keepOne: number): boolean => (row * 7) % keepOne === 0;

/** The units of each stage, and what became of the rows, when stages follow one another. */
function sequentially({ count, sizes, keepOne }: Shape): { readonly units: number[][][]; readonly rows: number[] } {
  const rows = Array.from({ length: count }, (_, row) => row);
  const kept = rows.filter((row) => isKept(row, keepOne));
  const units = [chunked(rows, sizes[0]), chunked(kept, sizes[1]), chunked(kept, sizes[2])];
  return { units, rows };
}

async function sideBySide(
  { count, sizes, ahead, unitsMax, keepOne }: Shape,
  scheduler: fc.Scheduler,
): Promise<{ readonly units: number[][][]; readonly rows: number[]; readonly inFlightMax: number }> {
  const pipeline = new Pipeline();
  const lane = new ServiceLane({ unitsMax, precedence: ['2', '1', '0'] });
  const fates = new RowFates<number>();
  const units: number[][][] = [[], [], []];
  let inFlight = 0;
  let inFlightMax = 0;
  const stageOf = (stage: number, source: AsyncIterable<number[]>) =>
    pipeline.stage(source, {
      ahead,
      work: (unit, index) =>
        lane.run(String(stage), pipeline.halted, async () => {
          inFlightMax = Math.max(inFlightMax, ++inFlight);
          await scheduler.schedule(Promise.resolve(), `stage ${stage}, unit ${index}`);
          inFlight -= 1;
          units[stage]![index] = unit;
          return unit;
        }),
    });
  async function* kept(scored: AsyncIterable<number[]>): AsyncGenerator<number> {
    for await (const unit of scored) {
      for (const row of unit) {
        if (isKept(row, keepOne)) yield row;
        else fates.settle(String(row), row);
      }
    }
  }
  async function* flat(source: AsyncIterable<number[]>): AsyncGenerator<number> {
    for await (const unit of source) yield* unit;
  }
  const all = Array.from({ length: count }, (_, row) => row);
  const scored = stageOf(0, grouped(streamOf(all), sizes[0]));
  const drawn = stageOf(1, grouped(kept(scored), sizes[1]));
  const rated = stageOf(2, grouped(flat(drawn), sizes[2]));
  void pipeline.start(async () => {
    for await (const unit of rated) for (const row of unit) fates.settle(String(row), row);
  });
  const rows = pipeline.start(async () => {
    const inOrder: number[] = [];
    for (const row of all) inOrder.push(await fates.of(String(row)));
    return inOrder;
  });
  await scheduler.waitFor(pipeline.finish());
  return { units, rows: await rows, inFlightMax };
}

describe('a pipeline, whoever ends first', () => {
  it('forms the units and gives the results that stages one after the other would', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.scheduler(), async (shape, scheduler) => {
        const { inFlightMax, ...got } = await sideBySide(shape, scheduler);
        deepEqual(got, sequentially(shape));
        ok(inFlightMax <= shape.unitsMax, `${inFlightMax} in flight`);
      }),
      { numRuns: 300 },
    );
  });
});
