/** @file Admission: order, how many at once, how many a minute, tokens, quiet, and callers that leave. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as breath } from 'node:timers/promises';
import { HandClock } from '../../../testing/hand-clock.js';
import { Gate } from './gate.js';
import { MinuteWindow } from './minute-window.js';

const calm = new AbortController().signal;
const unlimited = { concurrency: 1024, requestsPerMinute: Infinity, tokensPerMinute: Infinity };
const left = new DOMException('left', 'AbortError');

describe('a minute', () => {
  it('holds so much and no more, whichever minute it is', () => {
    const window = new MinuteWindow(3);
    for (const atMs of [0, 10, 20_000]) {
      assert.equal(window.waitMs(1, atMs), 0);
      window.add(1, atMs);
    }
    assert.equal(window.waitMs(1, 30_000), 30_000, 'until the first is a minute old');
    assert.equal(window.waitMs(2, 30_000), 30_010);
    assert.equal(window.waitMs(1, 60_000), 0);
  });

  it('lets what exceeds it alone begin when nothing else did', () => {
    const window = new MinuteWindow(100);
    assert.equal(window.waitMs(500, 0), 0);
    window.add(500, 0);
    assert.equal(window.waitMs(1, 1), 59_999);
    assert.equal(window.waitMs(500, 60_000), 0);
  });
});

describe('a gate', () => {
  it('lets so many through at once, in order of arrival', async () => {
    const gate = new Gate({ ...unlimited, concurrency: 2 }, new HandClock(1e9));
    const order: number[] = [];
    const arrive = async (number: number) => {
      const pass = await gate.enter(0, calm);
      order.push(number);
      return pass;
    };
    const passes = [1, 2, 3, 4].map(arrive);
    await breath();
    assert.deepEqual(order, [1, 2]);
    (await passes[1]!).leave();
    (await passes[2]!).leave();
    await passes[3];
    assert.deepEqual(order, [1, 2, 3, 4]);
  });

  it('counts requests and tokens of a minute, repetitions too, and believes what was really spent', async () => {
    const clock = new HandClock(1e9);
    const gate = new Gate({ ...unlimited, requestsPerMinute: 3, tokensPerMinute: 100 }, clock);
    const first = await gate.enter(60, calm);
    first.spent(20);
    const second = await gate.enter(60, calm);
    assert.deepEqual(clock.jumps, [], '20 + 60 tokens fit');
    second.spent(10);
    await second.again(calm);
    assert.deepEqual(clock.jumps, [], '20 + 10 + 60 tokens fit, and three requests');
    const third = await gate.enter(1, calm);
    assert.deepEqual(clock.jumps, [60_000]);
    for (const pass of [first, second, third]) pass.leave();
  });

  it('is quiet for as long as the server asks, for all', async () => {
    const clock = new HandClock(1e9);
    const gate = new Gate(unlimited, clock);
    gate.quiet(700);
    gate.quiet(200);
    await Promise.all([gate.enter(0, calm), gate.enter(0, calm)]);
    assert.equal(clock.jumps.at(0), 700);
    assert.equal(clock.nowMs(), 700);
  });

  it('loses nobody when one in line leaves, wherever it stood', async () => {
    const clock = new HandClock(50_000);
    const gate = new Gate({ ...unlimited, concurrency: 1, requestsPerMinute: 1 }, clock);
    const first = await gate.enter(0, calm);
    const [head, middle] = [new AbortController(), new AbortController()];
    const arrived = [gate.enter(0, head.signal), gate.enter(0, middle.signal), gate.enter(0, calm)];
    middle.abort(left);
    await assert.rejects(arrived[1]!, { name: 'AbortError' });
    first.leave();
    await breath();
    head.abort(left); // it has the room and waits for the minute
    await assert.rejects(arrived[0]!, { name: 'AbortError' });
    await breath();
    clock.advance(60_000);
    clock.expire();
    (await arrived[2]!).leave();
  });
});
