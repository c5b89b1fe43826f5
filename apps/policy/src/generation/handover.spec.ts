import { deepEqual, equal, rejects } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Handover } from './handover.js';

async function collected<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

describe('handover', () => {
  it('passes values on in order and ends', async () => {
    const handover = new Handover<number>();
    const producing = (async () => {
      for (const value of [1, 2, 3]) await handover.give(value);
      handover.end();
    })();
    deepEqual(await collected(handover), [1, 2, 3]);
    await producing;
  });

  it('holds the producer until the consumer asks for the next value', async () => {
    const handover = new Handover<number>();
    let givenCount = 0;
    const producing = (async () => {
      for (const value of [1, 2]) {
        await handover.give(value);
        givenCount += 1;
      }
      handover.end();
    })();
    const consumer = handover[Symbol.asyncIterator]();
    equal((await consumer.next()).value, 1);
    await setImmediate();
    equal(givenCount, 0, 'the first value is in use');
    equal((await consumer.next()).value, 2);
    equal(givenCount, 1);
    equal((await consumer.next()).done, true);
    await producing;
  });

  it('lets the producer go when the consumer leaves', async () => {
    const handover = new Handover<number>();
    const given = handover.give(1);
    for await (const _ of handover) break;
    await given;
    await handover.give(2);
  });

  it('throws what the producer failed with', async () => {
    const handover = new Handover<number>();
    handover.fail(new RangeError('broken'));
    await rejects(collected(handover), RangeError);
  });
});
