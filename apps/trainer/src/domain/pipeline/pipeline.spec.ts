import { describe, it } from 'node:test';
import { deepEqual, equal, rejects } from 'node:assert/strict';
import { Pipeline } from './pipeline.js';
import { collected, streamOf } from './streams.js';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Work that ends when it is told to. */
function held(): {
  readonly begun: number[];
  readonly end: (item: number) => void;
  readonly work: (item: number) => Promise<number>;
} {
  const open = new Map<number, () => void>();
  const begun: number[] = [];
  return {
    begun,
    end: (item) => open.get(item)?.(),
    work: (item) => {
      begun.push(item);
      return new Promise((resolve) => open.set(item, () => resolve(item)));
    },
  };
}

/** Lets everything go on that waits for nothing but its turn. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
}

describe('a pipeline', () => {
  it('gives results in the order of the items, whoever ends first', async () => {
    const pipeline = new Pipeline();
    const { end, work } = held();
    const results = collected(pipeline.stage(streamOf(numbers(3)), { ahead: 3, work }));
    await settled();
    for (const item of [2, 0, 1]) end(item);
    deepEqual(await results, [0, 1, 2]);
    await pipeline.finish();
  });

  it('begins no more items ahead of the next stage than it may', async () => {
    const pipeline = new Pipeline();
    const { begun, end, work } = held();
    const results = collected(pipeline.stage(streamOf(numbers(9)), { ahead: 2, work }));
    await settled();
    deepEqual(begun, [0, 1, 2], 'one that is waited for, and two ahead of it');
    for (const item of [1, 2]) end(item);
    await settled();
    deepEqual(begun, [0, 1, 2], 'results that nobody has taken count too');
    end(0);
    await settled();
    deepEqual(begun, [0, 1, 2, 3, 4, 5]);
    for (const item of numbers(9)) {
      end(item);
      await settled();
    }
    deepEqual(await results, numbers(9));
  });

  it('passes back-pressure on to the stages before', async () => {
    const pipeline = new Pipeline();
    const first: number[] = [];
    const { end, work } = held();
    const source = pipeline.stage(streamOf(numbers(100)), {
      ahead: 3,
      work: (item) => {
        first.push(item);
        return Promise.resolve(item);
      },
    });
    const results = collected(pipeline.stage(source, { ahead: 2, work }));
    await settled();
    // Three in the second stage, one that waits for room there, three in the queue between.
    equal(first.length, 7);
    for (const item of numbers(100)) {
      await settled();
      end(item);
    }
    equal((await results).length, 100);
  });

  it('begins nothing further after a failure, and ends only when what was under way has ended', async () => {
    const pipeline = new Pipeline();
    const { begun, end, work } = held();
    const stage = pipeline.stage(streamOf(numbers(9)), {
      ahead: 2,
      work: async (item) => {
        if (item === 2) throw new TypeError('broken');
        return await work(item);
      },
    });
    void pipeline.start(() => collected(stage)).catch(() => undefined);
    let hasFinished = false;
    const finished = pipeline.finish().finally(() => (hasFinished = true));
    finished.catch(() => undefined);
    await settled();
    deepEqual([begun, hasFinished], [[0, 1], false]);
    end(0);
    end(1);
    await rejects(finished, /broken/);
    deepEqual(begun, [0, 1]);
  });

  it('fails with the error of its source', async () => {
    const pipeline = new Pipeline();
    async function* source(): AsyncGenerator<number> {
      yield await Promise.resolve(1);
      throw new RangeError('no more');
    }
    const stage = pipeline.stage(source(), { ahead: 1, work: (item) => Promise.resolve(item) });
    await rejects(collected(stage), /no more/);
    await rejects(pipeline.finish(), /no more/);
  });
});
