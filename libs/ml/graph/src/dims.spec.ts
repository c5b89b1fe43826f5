import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { axisOf, broadcastShapes, productOf, resolveDim, sumOf, type Dim } from './dims.js';

const sizes: Readonly<Record<string, number>> = { B: 2, T: 3, P: 5 };
const sizeOf = (symbol: string): number => sizes[symbol] ?? Number.NaN;
const symbolOrNumber: fc.Arbitrary<Dim> = fc.oneof(fc.constantFrom('B', 'T', 'P'), fc.integer({ min: 1, max: 4 }));

describe('a symbolic size', () => {
  it('has one spelling, whatever the order of its factors', () => {
    assert.equal(productOf(['T', 3, 'B']), '3*B*T');
    assert.equal(productOf(['3*B', 'T']), productOf(['T', 'B', 3]));
    assert.equal(sumOf(['T', 1, 'P', 2]), '(P+T+3)');
    assert.equal(sumOf([sumOf(['T', 1]), -1]), 'T');
  });

  it('stands for the number that its symbols give', () => {
    fc.assert(
      fc.property(fc.array(symbolOrNumber, { minLength: 1, maxLength: 4 }), symbolOrNumber, (dims, factor) => {
        const numbers = dims.map((dim) => resolveDim(dim, sizeOf));
        const sum = numbers.reduce((a, b) => a + b, 0);
        assert.equal(
          resolveDim(productOf(dims), sizeOf),
          numbers.reduce((a, b) => a * b, 1),
        );
        assert.equal(resolveDim(sumOf(dims), sizeOf), sum);
        assert.equal(resolveDim(productOf([factor, sumOf(dims)]), sizeOf), resolveDim(factor, sizeOf) * sum);
      }),
    );
  });
});

describe('broadcasting', () => {
  it('aligns axes at the end and stretches ones', () => {
    assert.deepEqual(broadcastShapes(['B', 1, 4], ['T', 1], 'test'), ['B', 'T', 4]);
    assert.deepEqual(broadcastShapes([], ['B'], 'test'), ['B']);
  });

  it('refuses sizes that only the feeds could make fit', () => {
    assert.throws(() => broadcastShapes(['B'], ['T'], 'test'), { code: 'SHAPE_MISMATCH' });
    assert.throws(() => broadcastShapes(['B'], [3], 'test'), { code: 'SHAPE_MISMATCH' });
  });
});

it('an axis may be counted from the end, and must exist', () => {
  assert.equal(axisOf(-1, ['B', 3], 'test'), 1);
  assert.throws(() => axisOf(2, ['B', 3], 'test'), { code: 'SHAPE_MISMATCH' });
});
