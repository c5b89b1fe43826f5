import { describe, it } from 'node:test';
import { deepEqual, equal, rejects } from 'node:assert/strict';
import type { Clock } from '#core';
import { RemoteError } from './rpc.errors.js';
import { retrying } from './retry.js';

/** A clock that never waits and remembers how long it was asked to. */
function stillClock(): Clock & { readonly sleptMs: number[] } {
  const sleptMs: number[] = [];
  return {
    sleptMs,
    nowMs: () => 0,
    monotonicMs: () => 0,
    sleep: async (durationMs, signal) => {
      signal?.throwIfAborted();
      sleptMs.push(durationMs);
    },
  };
}

const unavailable = (retryAfterMs?: number) =>
  new RemoteError({ code: 'UNAVAILABLE', status: 'UNAVAILABLE', message: 'gone', retryAfterMs });

describe('repetition of calls', () => {
  it('doubles the delay up to its limit and gives up after the last attempt', async () => {
    const clock = stillClock();
    let attempts = 0;
    const failing = retrying(
      async () => {
        attempts += 1;
        throw unavailable();
      },
      { attemptsMax: 5, delayMsFirst: 10, delayMsMax: 35 },
      { clock },
    );
    await rejects(failing, RemoteError);
    deepEqual([attempts, clock.sleptMs], [5, [10, 20, 35, 35]]);
  });

  it('waits as long as the server asks for', async () => {
    const clock = stillClock();
    const result = await retrying(
      async (attemptIndex) => {
        if (attemptIndex < 2) throw unavailable(7000);
        return 'done';
      },
      { attemptsMax: 3, delayMsFirst: 10, delayMsMax: 20 },
      { clock },
    );
    deepEqual([result, clock.sleptMs], ['done', [7000, 7000]]);
  });

  it('does not repeat what will not pass', async () => {
    const clock = stillClock();
    let attempts = 0;
    for (const thrown of [
      new RemoteError({ code: 'REQUEST_INVALID', status: 'INVALID_ARGUMENT', message: 'no' }),
      new TypeError('ours'),
    ]) {
      const failing = retrying(
        async () => {
          attempts += 1;
          throw thrown;
        },
        { attemptsMax: 9 },
        { clock },
      );
      await rejects(failing, thrown);
    }
    equal(attempts, 2);
  });

  it('stops waiting when the caller does', async () => {
    const signal = AbortSignal.abort(new TypeError('enough'));
    const failing = retrying(() => Promise.reject(unavailable()), { attemptsMax: 9 }, { clock: stillClock(), signal });
    await rejects(failing, /enough/);
  });
});
