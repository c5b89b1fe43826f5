/** @file How long to wait for a unit. */
import { equal, ok } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UnitTimes, type UnitSize } from './unit-times.js';

const score = (size: number): UnitSize => ({ kind: 'score', size });
const timesOf = (...seen: readonly (readonly [UnitSize, number])[]): UnitTimes => {
  const times = new UnitTimes({ floorMs: 1000, ceilingMs: 60_000 });
  for (const [unit, elapsedMs] of seen) times.record(unit, elapsedMs);
  return times;
};

describe('the deadline of a unit', () => {
  it('is the longest one for a kind that was never seen', () => {
    equal(timesOf().deadlineMs(score(4), [], 0), 60_000);
    equal(timesOf([score(4), 500]).deadlineMs({ kind: 'generate', size: 4 }, [], 0), 60_000);
  });

  it('is eight times what nearly all take, within its bounds', () => {
    equal(timesOf([score(4), 500]).deadlineMs(score(4), [], 0), 4000);
    equal(timesOf([score(4), 5]).deadlineMs(score(4), [], 0), 1000);
    equal(timesOf([score(4), 50_000]).deadlineMs(score(4), [], 0), 60_000);
  });

  it('does not follow the one in twenty that takes far longer', () => {
    const usual = Array.from({ length: 19 }, (): [UnitSize, number] => [score(4), 500]);
    equal(timesOf([score(4), 40_000], ...usual).deadlineMs(score(4), [], 0), 4000);
  });

  it('grows with the size of the unit, and not below what smaller ones take', () => {
    const times = timesOf([score(4), 500]);
    equal(times.deadlineMs(score(8), [], 0), 8000);
    equal(times.deadlineMs(score(2), [], 0), 4000);
  });

  it('counts what the replica has in hand', () => {
    equal(timesOf([score(4), 500]).deadlineMs(score(4), [score(4), score(4)], 0), 12_000);
  });

  it('doubles with every time that it ran out', () => {
    equal(timesOf([score(4), 500]).deadlineMs(score(4), [], 2), 16_000);
  });

  it('forgets what was long ago', () => {
    const times = timesOf(...Array.from({ length: 64 }, (): [UnitSize, number] => [score(4), 5000]));
    for (let index = 0; index < 64; index++) times.record(score(4), 200);
    ok(times.deadlineMs(score(4), [], 0) === 1600);
  });
});
