/** @file Limits on calls: what is refused, with which advice, and that a place is given back however a call ends. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '#core';
import { Admission } from './admission.js';

/** A clock that stands still until it is moved. */
function heldClock(): Clock & { move: (ms: number) => void } {
  let now = 0;
  return {
    nowMs: () => now,
    monotonicMs: () => now,
    sleep: async () => {},
    move: (ms) => {
      now += ms;
    },
  };
}

function admissionOf(limits: { requestsMax?: number; clientBatchSizeMax?: number } = {}) {
  const clock = heldClock();
  const refusals: string[] = [];
  const admission = new Admission({
    requestsMax: 2,
    clientBatchSizeMax: 4,
    ...limits,
    clock,
    onRefusal: (code) => refusals.push(code),
  });
  return { admission, clock, refusals };
}

describe('admission', () => {
  it('lets as many calls in as may be, and refuses one more with advice when to come back', async () => {
    const { admission, refusals } = admissionOf();
    const gate = Promise.withResolvers<string>();
    const inside = [admission.admitted(1, () => gate.promise), admission.admitted(4, () => gate.promise)];
    await assert.rejects(
      admission.admitted(1, async () => 'third'),
      { code: 'REQUESTS_FULL', status: 'RESOURCE_EXHAUSTED', retryAfterMs: 50 },
    );
    assert.equal(admission.requestCount, 2);
    gate.resolve('done');
    assert.deepEqual(await Promise.all(inside), ['done', 'done']);
    assert.equal(await admission.admitted(1, async () => 'now'), 'now');
    assert.deepEqual(refusals, ['REQUESTS_FULL']);
  });

  it('gives a place back when a call fails', async () => {
    const { admission } = admissionOf({ requestsMax: 1 });
    await assert.rejects(
      admission.admitted(1, () => Promise.reject(new RangeError('no'))),
      RangeError,
    );
    assert.equal(admission.requestCount, 0);
  });

  it('advises to wait about as long as calls take', async () => {
    const { admission, clock } = admissionOf({ requestsMax: 1 });
    for (let call = 0; call < 50; call++) await admission.admitted(1, async () => clock.move(1000));
    const gate = Promise.withResolvers<void>();
    const inside = admission.admitted(1, () => gate.promise);
    await assert.rejects(
      admission.admitted(1, async () => {}),
      ({ retryAfterMs }: { retryAfterMs: number }) => retryAfterMs > 900 && retryAfterMs <= 1000,
    );
    gate.resolve();
    await inside;
  });

  it('refuses a call that brings too many responses, for good', async () => {
    const { admission } = admissionOf();
    await assert.rejects(
      admission.admitted(5, async () => {}),
      { code: 'CLIENT_BATCH_TOO_LARGE', status: 'RESOURCE_EXHAUSTED', retryAfterMs: undefined },
    );
    assert.equal(admission.requestCount, 0);
  });
});
