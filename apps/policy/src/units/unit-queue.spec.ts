import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '#core';
import { UnitQueue, type UnitCall } from './unit-queue.js';
import { QueueFullError, UnitExpiredError } from './units.errors.js';

/** A clock that stands still until it is moved. */
class HeldClock implements Clock {
  ms = 1000;
  nowMs = () => this.ms;
  monotonicMs = () => this.ms;
  sleep = () => Promise.resolve();
}

const patient: UnitCall = { signal: new AbortController().signal, deadlineAtMs: undefined };
const nothing = async () => undefined;

/** A stage that ends when it is told to. */
function held<T>(value: T): { readonly stage: () => Promise<T>; readonly started: Promise<void>; end(): void } {
  const start = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<T>();
  return {
    stage: () => {
      start.resolve();
      return finish.promise;
    },
    started: start.promise,
    end: () => finish.resolve(value),
  };
}

describe('unit queue', () => {
  it('computes in the order of arrival, whatever finishes preparing first', async () => {
    const queue = new UnitQueue({ unitsMax: 8, clock: new HeldClock() });
    const order: string[] = [];
    const slow = held('prepared');
    const first = queue.run(patient, { prepare: slow.stage, compute: async () => order.push('first') });
    const second = queue.run(patient, { prepare: nothing, compute: async () => order.push('second') });
    slow.end();
    await Promise.all([first, second]);
    deepEqual(order, ['first', 'second']);
  });

  it('prepares a unit while another computes', async () => {
    const queue = new UnitQueue({ unitsMax: 8, clock: new HeldClock() });
    const computing = held('computed');
    const first = queue.run(patient, { prepare: nothing, compute: computing.stage });
    await computing.started;
    const preparing = held('prepared');
    const second = queue.run(patient, { prepare: preparing.stage, compute: nothing });
    await preparing.started;
    preparing.end();
    computing.end();
    await Promise.all([first, second]);
  });

  it('refuses with QUEUE_FULL and a retry hint once unitsMax units wait', async () => {
    const queue = new UnitQueue({ unitsMax: 1, clock: new HeldClock() });
    const computing = held('computed');
    const running = queue.run(patient, { prepare: nothing, compute: computing.stage });
    await computing.started;
    const waiting = queue.run(patient, { prepare: nothing, compute: nothing });
    equal(queue.depth, 1);
    await rejects(queue.run(patient, { prepare: nothing, compute: nothing }), (error) => {
      ok(error instanceof QueueFullError && (error.retryAfterMs ?? 0) > 0);
      return true;
    });
    computing.end();
    await Promise.all([running, waiting]);
    equal(queue.depth, 0);
  });

  it('never starts a unit that was cancelled while it waited, and keeps the order of the others', async () => {
    const queue = new UnitQueue({ unitsMax: 8, clock: new HeldClock() });
    const order: string[] = [];
    const computing = held('computed');
    const first = queue.run(patient, { prepare: nothing, compute: computing.stage });
    await computing.started;
    const leaving = new AbortController();
    const second = queue.run(
      { ...patient, signal: leaving.signal },
      { prepare: nothing, compute: async () => order.push('cancelled') },
    );
    const third = queue.run(patient, { prepare: nothing, compute: async () => order.push('third') });
    leaving.abort();
    await rejects(second, { name: 'AbortError' });
    deepEqual(order, [], 'the third unit did not overtake the one that computes');
    computing.end();
    await Promise.all([first, third]);
    deepEqual(order, ['third']);
  });

  it('never starts a unit whose deadline has passed', async () => {
    const clock = new HeldClock();
    const queue = new UnitQueue({ unitsMax: 8, clock });
    const computing = held('computed');
    const first = queue.run(patient, { prepare: nothing, compute: computing.stage });
    await computing.started;
    let started = false;
    const late = queue.run(
      { ...patient, deadlineAtMs: clock.ms + 10 },
      { prepare: nothing, compute: async () => (started = true) },
    );
    clock.ms += 11;
    computing.end();
    await first;
    await rejects(late, UnitExpiredError);
    equal(started, false);
  });

  it('goes on after a unit that failed in either stage', async () => {
    const queue = new UnitQueue({ unitsMax: 8, clock: new HeldClock() });
    const failing = () => Promise.reject(new RangeError('broken'));
    await rejects(queue.run(patient, { prepare: failing, compute: nothing }), RangeError);
    await rejects(queue.run(patient, { prepare: nothing, compute: failing }), RangeError);
    const { result } = await queue.run(patient, { prepare: async () => 2, compute: async (n) => n * 2 });
    equal(result, 4);
    equal(queue.depth, 0);
  });

  it('tells waiting, preparing and computing apart', async () => {
    const clock = new HeldClock();
    const queue = new UnitQueue({ unitsMax: 8, clock });
    const { times } = await queue.run(patient, {
      prepare: async () => void (clock.ms += 3),
      compute: async () => void (clock.ms += 7),
    });
    deepEqual(times, { queueMs: 0, tokenizeMs: 3, computeMs: 7 });
  });
});
