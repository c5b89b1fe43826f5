/**
 * Goal: a call waits out a short outage, a long one closes the gate once, and the annotator's return is seen. Method: a
 * clock that only the guard's own waiting moves, and an annotator that is down from one time to another.
 */
import { describe, it } from 'node:test';
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { Rng, type Clock } from '#core';
import { AnnotatorGuard, type AnnotatorGuardOptions, type Guarded } from './annotator-guard.js';

class Down extends TypeError {}

/** Sleeping moves the time; sleepers wake in the order of their times. */
class SteppedClock implements Clock {
  private timeMs = 0;
  private readonly sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];

  nowMs(): number {
    return this.timeMs;
  }

  monotonicMs(): number {
    return this.timeMs;
  }

  async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve) => {
      const sleeper = { atMs: this.timeMs + durationMs, wake: resolve };
      this.sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        if (this.sleepers.includes(sleeper)) this.sleepers.splice(this.sleepers.indexOf(sleeper), 1);
        resolve();
      });
      setImmediate(() => this.wakeNext());
    });
    signal?.throwIfAborted();
  }

  private wakeNext(): void {
    const [next] = this.sleepers.toSorted((a, b) => a.atMs - b.atMs);
    if (!next) return;
    this.sleepers.splice(this.sleepers.indexOf(next), 1);
    this.timeMs = Math.max(this.timeMs, next.atMs);
    next.wake();
  }
}

class Annotator {
  readonly clock = new SteppedClock();
  readonly triedMs: number[] = [];
  readonly guard: AnnotatorGuard;

  constructor(
    private readonly isDown: (nowMs: number) => boolean,
    options: Partial<AnnotatorGuardOptions> = {},
  ) {
    this.guard = new AnnotatorGuard({
      clock: this.clock,
      rng: new Rng('guard'),
      patienceMs: 60_000,
      backoffMsFirst: 500,
      backoffMsMax: 8000,
      isLost: false,
      ...options,
    });
  }

  call(signal = new AbortController().signal): Promise<Guarded<string>> {
    return this.guard.call({
      attempt: async () => {
        this.triedMs.push(this.clock.nowMs());
        if (this.isDown(this.clock.nowMs())) throw new Down('down');
        return 'score';
      },
      isOutage: (error) => error instanceof Down,
      signal,
    });
  }
}

describe('the guard of an annotator', () => {
  it('is out of the way while there are answers', async () => {
    const annotator = new Annotator(() => false);
    deepEqual(await annotator.call(), { kind: 'answered', value: 'score' });
    deepEqual(annotator.triedMs, [0]);
  });

  it('waits out a short outage with delays that grow and are not the same', async () => {
    const annotator = new Annotator((nowMs) => nowMs < 20_000);
    equal((await annotator.call()).kind, 'answered');
    const delays = annotator.triedMs.slice(1).map((atMs, index) => atMs - annotator.triedMs[index]!);
    ok(delays.length >= 4 && delays.length <= 12, delays.join());
    delays.forEach((delay, index) => {
      const mean = Math.min(500 * 2 ** index, 8000);
      ok(delay >= mean / 2 && delay <= mean * 1.5, `delay ${index}: ${delay}`);
    });
  });

  it('gives up after its patience, for all calls at once', async () => {
    const annotator = new Annotator(() => true);
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => annotator.call()));
    ok(outcomes.every(({ kind }) => kind === 'lost'));
    equal(annotator.clock.nowMs(), 60_000);
    const callCount = annotator.triedMs.length;
    ok(callCount < 5 + 20, `${callCount} calls: after the first failures one probes for all`);
    const { guard } = annotator;
    equal(guard.isLost, true);
  });

  it('lets nobody wait for a probe that hangs, longer than its patience', async () => {
    const annotator = new Annotator((nowMs) => nowMs < 60_000);
    const hangs = annotator.guard.call({
      attempt: async (index) => {
        if (index > 0) await new Promise<void>(() => {});
        throw new Down('down');
      },
      isOutage: (error) => error instanceof Down,
      signal: new AbortController().signal,
    });
    const next = annotator.call();
    equal((await next).kind, 'lost');
    equal(annotator.clock.nowMs(), 60_000);
    equal(await Promise.race([hangs, Promise.resolve('hangs')]), 'hangs');
  });

  it('waits for no repetition without patience', async () => {
    const annotator = new Annotator(() => true, { patienceMs: 0 });
    const outcome = await annotator.call();
    deepEqual([outcome.kind, annotator.triedMs.length], ['lost', 1]);
    ok(outcome.kind === 'lost' && outcome.error instanceof Down);
  });

  it('sees the annotator come back, by a probe of a later call', async () => {
    const annotator = new Annotator((nowMs) => nowMs < 70_000);
    equal((await annotator.call()).kind, 'lost');
    await annotator.clock.sleep(15_000);
    equal((await annotator.call()).kind, 'answered');
    equal(annotator.guard.isLost, false);
    equal((await annotator.call()).kind, 'answered');
  });

  it('probes a lost annotator once at a time, and at once when told to', async () => {
    const annotator = new Annotator(() => true, { isLost: true });
    deepEqual(
      (await Promise.all([annotator.call(), annotator.call()])).map(({ kind }) => kind),
      ['lost', 'lost'],
    );
    equal(annotator.triedMs.length, 1);
    annotator.guard.probeSoon();
    equal((await annotator.call()).kind, 'lost');
    equal(annotator.triedMs.length, 2);
  });

  it('goes on as lost in a later process, without waiting again', async () => {
    const annotator = new Annotator(() => true, { isLost: true });
    equal((await annotator.call()).kind, 'lost');
    equal(annotator.clock.nowMs(), 0);
  });

  it('throws on what is no outage, and ends when it is told to', async () => {
    const annotator = new Annotator(() => true);
    const refused = annotator.guard.call({
      attempt: () => Promise.reject(new RangeError('refused')),
      isOutage: (error) => error instanceof Down,
      signal: new AbortController().signal,
    });
    await rejects(refused, RangeError);
    await rejects(annotator.call(AbortSignal.abort(new RangeError('stop'))), RangeError);
  });
});
