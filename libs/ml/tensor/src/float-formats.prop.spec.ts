import { describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { indexOfNotFinite, narrowBf16, narrowF16, widenBf16, widenF16 } from './float-arrays.js';
import { bf16ToNumber, f16ToNumber, numberToBf16, numberToF16 } from './float-formats.js';

const formats = [
  { name: 'binary16', widen: f16ToNumber, narrow: numberToF16, infinity: 0x7c00, largest: 65504 },
  { name: 'bfloat16', widen: bf16ToNumber, narrow: numberToBf16, infinity: 0x7f80, largest: 3.3895313892515355e38 },
] as const;

for (const { name, widen, narrow, infinity, largest } of formats) {
  describe(name, () => {
    it('narrows every value that it can hold to the same bits', () => {
      for (let bits = 0; bits <= 0xffff; bits++) {
        const value = widen(bits);
        if (Number.isNaN(value)) ok(Number.isNaN(widen(narrow(value))), `NaN ${bits}`);
        else equal(narrow(value), bits);
      }
    });

    it('rounds to the nearest value, to the even one when two are as near', () => {
      fc.assert(
        fc.property(
          fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-largest), max: Math.fround(largest) }),
          (value) => {
            const bits = narrow(value);
            const error = Math.abs(widen(bits) - value);
            for (const neighbour of [bits - 1, bits + 1].filter((b) => (b & 0x7fff) < infinity && b >= 0)) {
              const other = Math.abs(widen(neighbour) - value);
              ok(error < other || (error === other && bits % 2 === 0) || widen(neighbour) === widen(bits));
            }
          },
        ),
        { numRuns: 2000, seed: 11 },
      );
    });

    it('goes to infinity beyond its range and keeps signs and NaN', () => {
      equal(widen(narrow(3.4e38)), name === 'binary16' ? Infinity : Infinity);
      equal(widen(narrow(-Infinity)), -Infinity);
      ok(Object.is(widen(narrow(-0)), -0));
      ok(Number.isNaN(widen(narrow(Number.NaN))));
    });
  });
}

describe('known values', () => {
  it('of binary16', () => {
    equal(numberToF16(1), 0x3c00);
    equal(numberToF16(65519), 0x7bff);
    equal(numberToF16(65520), 0x7c00);
    equal(numberToF16(2 ** -24), 1);
    equal(numberToF16(2 ** -25), 0);
    equal(numberToF16(2 ** -14 - 2 ** -26), 0x0400); // a subnormal that rounds up to the first normal
    equal(f16ToNumber(0x3555), 0.333251953125);
  });

  it('of bfloat16', () => {
    equal(numberToBf16(1), 0x3f80);
    equal(bf16ToNumber(0x3eab), 0.333984375);
    equal(numberToBf16(1 + 2 ** -8), 0x3f80); // halfway, down to even
    equal(numberToBf16(1 + 3 * 2 ** -8), 0x3f82); // halfway, up to even
  });
});

describe('whole arrays', () => {
  const patterns = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);

  for (const [name, one, all] of [
    ['binary16', f16ToNumber, widenF16],
    ['bfloat16', bf16ToNumber, widenBf16],
  ] as const) {
    it(`of ${name} are widened like their elements`, () => {
      const wide = new Float32Array(patterns.length);
      all(patterns, wide);
      deepEqual([...wide], Array.from(patterns, one));
    });
  }

  for (const [name, one, all] of [
    ['binary16', numberToF16, narrowF16],
    ['bfloat16', numberToBf16, narrowBf16],
  ] as const) {
    it(`are narrowed to ${name} like their elements, at any offset`, () => {
      // Every 65521st pattern of binary32, a prime step: all exponents, all ways to round.
      const bits = Uint32Array.from({ length: 0x10001 }, (_, index) => Math.imul(index, 65521));
      const values = new Float32Array(bits.buffer).subarray(1);
      const narrow = new Uint16Array(values.length);
      all(values, narrow);
      deepEqual(narrow, Uint16Array.from(values, one));
    });
  }

  it('are searched for what is no number', () => {
    equal(indexOfNotFinite(Float32Array.of(0, -0, 1e-45, -3.4e38)), -1);
    equal(indexOfNotFinite(Float32Array.of(0, 1, Number.NaN)), 2);
    equal(indexOfNotFinite(Float32Array.of(0, -Infinity, Number.NaN).subarray(1)), 0);
  });
});
