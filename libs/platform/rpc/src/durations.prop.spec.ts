import { describe, it } from 'node:test';
import { deepEqual, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { fromDuration, fromTimestamp, toDuration, toTimestamp, toTiming } from './durations.js';

describe('durations on the wire', () => {
  it('come back as they went, to the nanosecond', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (durationMs) => {
        const { seconds, nanos } = toDuration(durationMs);
        ok(Number.isInteger(nanos) && Math.abs(nanos) < 1e9, `nanos ${nanos}`);
        ok(nanos === 0 || Number(seconds) === 0 || Math.sign(nanos) === Math.sign(Number(seconds)));
        ok(Math.abs(fromDuration({ seconds, nanos }) - durationMs) <= 1e-6 + Math.abs(durationMs) * 1e-15);
      }),
    );
  });

  it('carry into the seconds where rounding fills one', () => {
    deepEqual(toDuration(999.9999999), { seconds: '1', nanos: 0 });
    deepEqual(toDuration(-0.0000001), { seconds: '0', nanos: 0 });
  });

  it('keep whole milliseconds of times exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (epochMs) => {
        deepEqual(fromTimestamp(toTimestamp(epochMs)), epochMs);
      }),
    );
  });

  it('of parts that were not measured are zero', () => {
    deepEqual(toTiming({ totalMs: 1500 }), {
      queue: { seconds: '0', nanos: 0 },
      tokenize: { seconds: '0', nanos: 0 },
      compute: { seconds: '0', nanos: 0 },
      total: { seconds: '1', nanos: 500_000_000 },
    });
  });
});
