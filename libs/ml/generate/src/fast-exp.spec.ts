import { describe, it } from 'node:test';
import { equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { fastExp } from './fast-exp.js';

describe('the fast exponential', () => {
  it('is that of the language, to the last few bits', () => {
    const negative = fc.oneof(
      fc.double({ min: -700, max: 0, noNaN: true }),
      fc.double({ min: -20, max: 0, noNaN: true }),
    );
    fc.assert(
      fc.property(negative, (x) => {
        const exact = Math.exp(x);
        ok(Math.abs(fastExp(x) - exact) <= 1e-15 * (1 + Math.abs(x)) * exact, `e^${x}`);
      }),
      { numRuns: 2000 },
    );
  });

  it('is exact at its ends', () => {
    equal(fastExp(0), 1);
    equal(fastExp(-0), 1);
    equal(fastExp(Number.NEGATIVE_INFINITY), 0);
    equal(fastExp(-1e9), 0);
    ok(fastExp(-744) > 0);
  });
});
