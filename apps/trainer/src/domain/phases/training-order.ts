/**
 * @file The order in which rows are trained on.
 *
 *   shuffled   a seeded shuffle of the rows that reach the loss. It depends on how many there are, so it is known only when
 *              the last row is paired: training begins then.
 *   data       the run's own order, itself a seeded shuffle of the file. A batch is known as soon as its rows are, so
 *              training begins while later rows are still scored, sampled and annotated. The learning rate follows the place
 *              of a batch's first row among the rows of the iteration, since the number of steps is not known yet.
 */
import { Rng } from '#core';
import { chunked, type PreferenceRow } from '../algorithm/rows.js';
import type { GradientUnit } from '../ports/policy-port.js';

export type TrainingRow = GradientUnit['items'][number] & {
  /** The weight of its offline pair is 1, whatever the rule of the run: the gate chose it, and it was not annotated. */
  readonly isOffline?: true;
};

/** The rows of one optimizer step. */
export interface Batch {
  readonly rows: readonly TrainingRow[];
  /** How far the course of the learning rate is: from 0 up to `positions`. */
  readonly position: number;
  readonly positions: number;
}

export interface TrainingOrder {
  readonly batches: AsyncIterable<Batch>;
  /** Steps as far as can be told now, never fewer than come. */
  readonly stepsExpected: () => number;
  /** Rows that were given out. */
  readonly rowCount: () => number;
}

/** Batches of rows that are all known; the learning rate follows the steps. */
export function batchesOf(rows: readonly TrainingRow[], batchSize: number): Batch[] {
  const groups = chunked(rows, batchSize);
  return groups.map((group, step) => ({ rows: group, position: step, positions: groups.length }));
}

export interface OrderInput {
  readonly order: 'shuffled' | 'data';
  readonly batchSize: number;
  readonly rows: readonly PreferenceRow[];
  /** What becomes of a row in training, when it is known; undefined for a row that does not reach the loss. */
  readonly fateOf: (row: PreferenceRow) => Promise<TrainingRow | undefined>;
  /** Shuffles. */
  readonly rng: Rng;
}

export function trainingOrder(input: OrderInput): TrainingOrder {
  return input.order === 'shuffled' ? shuffledOrder(input) : dataOrder(input);
}

function shuffledOrder({ rows, fateOf, rng, batchSize }: OrderInput): TrainingOrder {
  let rowCount = 0;
  async function* batches(): AsyncGenerator<Batch, void, undefined> {
    const known: TrainingRow[] = [];
    for (const row of rows) {
      const trained = await fateOf(row);
      if (trained) known.push(trained);
    }
    rowCount = known.length;
    yield* batchesOf(rng.shuffled(known), batchSize);
  }
  return { batches: batches(), rowCount: () => rowCount, stepsExpected: () => Math.ceil(rowCount / batchSize) };
}

function dataOrder({ rows, fateOf, batchSize }: OrderInput): TrainingOrder {
  let rowCount = 0;
  let openCount = rows.length;
  async function* batches(): AsyncGenerator<Batch, void, undefined> {
    let batch: TrainingRow[] = [];
    let position = 0;
    for (const [index, row] of rows.entries()) {
      const trained = await fateOf(row);
      openCount -= 1;
      if (!trained) continue;
      rowCount += 1;
      if (batch.length === 0) position = index;
      batch.push(trained);
      if (batch.length < batchSize) continue;
      yield { rows: batch, position, positions: rows.length };
      batch = [];
    }
    if (batch.length > 0) yield { rows: batch, position, positions: rows.length };
  }
  return {
    batches: batches(),
    rowCount: () => rowCount,
    stepsExpected: () => Math.ceil((rowCount + openCount) / batchSize),
  };
}
