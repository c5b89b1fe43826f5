import { ok } from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { paddedLength } from './padded-length.js';

describe('the length that an input is computed at', () => {
  it('is at least its own, grows with it, wastes at most a fifth beyond the first steps, and keeps to the window', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 10_000 }), (length, tokensMax) => {
        const padded = paddedLength(length, tokensMax);
        ok(padded >= length);
        ok(padded <= Math.max(length, tokensMax));
        ok(padded - length < Math.max(8, padded / 5));
        ok(paddedLength(length + 1, tokensMax) >= padded);
      }),
    );
  });

  it('is one of few, so that inputs find neighbours', () => {
    const lengths = new Set(Array.from({ length: 512 }, (_, index) => paddedLength(index + 1, 512)));
    ok(lengths.size <= 20, `${lengths.size} lengths up to 512`);
  });
});
