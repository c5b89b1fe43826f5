/**
 * @file Outputs of every numeric type, through the wire form of the reply: what a server writes, typed or raw, is read back to
 * the number, and what is no score is refused by name.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { contract } from '#contracts';
import { NUMBER_TYPES, type NumberType } from './oip-numbers.js';
import { numbersOf, type OutputTensor, type Outputs } from './oip-tensors.js';

const { ModelInfer } = contract()['inference.GRPCInferenceService'] as ServiceDefinition;

/** As it comes off the wire. */
function received(outputs: readonly object[], rawOutputContents: readonly Uint8Array[] = []): Outputs {
  const { responseSerialize, responseDeserialize } = ModelInfer!;
  return responseDeserialize(responseSerialize({ outputs, rawOutputContents })) as unknown as Outputs;
}

/** How a server writes a type; `field` is its typed contents. */
interface Writing {
  readonly values: fc.Arbitrary<number>;
  readonly bytes: number;
  readonly write: (view: DataView, value: number) => void;
  readonly field?: string;
}

/** Half precision is given by its bits: sign, exponent and fraction say the value by the formats' definitions. */
const half = (exponentBits: number): Omit<Writing, 'values'> & { readonly values: fc.Arbitrary<number> } => {
  const fractionBits = 15 - exponentBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  const valueOf = (bits: number): number => {
    const sign = bits >> 15 ? -1 : 1;
    const exponent = (bits >> fractionBits) & (2 ** exponentBits - 1);
    const fraction = (bits & (2 ** fractionBits - 1)) / 2 ** fractionBits;
    if (exponent === 2 ** exponentBits - 1) return fraction ? NaN : sign * Infinity;
    return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
  };
  const bitsOf = new Map(Array.from({ length: 2 ** 16 }, (_, bits) => [valueOf(bits), bits]));
  return {
    values: fc.integer({ min: 0, max: 2 ** 16 - 1 }).map(valueOf),
    bytes: 2,
    // Both zeros are one key of a Map.
    write: (view, value) =>
      view.setUint16(0, Object.is(value, -0) ? 0x8000 : value === 0 ? 0 : bitsOf.get(value)!, true),
  };
};

const whole = (min: number, max: number): fc.Arbitrary<number> =>
  fc.maxSafeInteger().map((n) => min + (Math.abs(n) % (max - min + 1)));
const signed = (bits: number): fc.Arbitrary<number> => whole(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1);
const unsigned = (bits: number): fc.Arbitrary<number> => whole(0, 2 ** bits - 1);
const safe = fc.maxSafeInteger();

const WRITINGS: { readonly [Type in NumberType]: Writing } = {
  FP16: half(5),
  BF16: half(8),
  FP32: {
    values: fc.float(),
    bytes: 4,
    write: (view, value) => view.setFloat32(0, value, true),
    field: 'fp32Contents',
  },
  FP64: {
    values: fc.double(),
    bytes: 8,
    write: (view, value) => view.setFloat64(0, value, true),
    field: 'fp64Contents',
  },
  INT8: { values: signed(8), bytes: 1, write: (view, value) => view.setInt8(0, value), field: 'intContents' },
  INT16: { values: signed(16), bytes: 2, write: (view, value) => view.setInt16(0, value, true), field: 'intContents' },
  INT32: { values: signed(32), bytes: 4, write: (view, value) => view.setInt32(0, value, true), field: 'intContents' },
  INT64: {
    values: safe,
    bytes: 8,
    write: (view, value) => view.setBigInt64(0, BigInt(value), true),
    field: 'int64Contents',
  },
  UINT8: { values: unsigned(8), bytes: 1, write: (view, value) => view.setUint8(0, value), field: 'uintContents' },
  UINT16: {
    values: unsigned(16),
    bytes: 2,
    write: (view, value) => view.setUint16(0, value, true),
    field: 'uintContents',
  },
  UINT32: {
    values: unsigned(32),
    bytes: 4,
    write: (view, value) => view.setUint32(0, value, true),
    field: 'uintContents',
  },
  UINT64: {
    values: safe.map(Math.abs),
    bytes: 8,
    write: (view, value) => view.setBigUint64(0, BigInt(value), true),
    field: 'uint64Contents',
  },
};

function rawOf({ bytes, write }: Writing, values: readonly number[]): Uint8Array {
  const raw = new Uint8Array(bytes * values.length);
  values.forEach((value, at) => write(new DataView(raw.buffer, at * bytes, bytes), value));
  return raw;
}

const tensor = (datatype: string, count: number, fields: Partial<OutputTensor> = {}) => ({
  name: 'score',
  datatype,
  shape: [count],
  ...fields,
});

describe('an output of numbers', () => {
  for (const type of NUMBER_TYPES) {
    const writing = WRITINGS[type];
    const { field } = writing;

    it(`as ${type} is read from raw bytes${field === undefined ? ', its only form' : ' and from typed contents'}`, () => {
      fc.assert(
        fc.property(fc.array(writing.values, { maxLength: 20 }), (values) => {
          const raw = received([tensor(type, values.length)], [rawOf(writing, values)]);
          assert.deepEqual(numbersOf(raw, 'score'), values);
          if (field === undefined) return;
          const typed = received([tensor(type, values.length, { contents: { [field]: values } })]);
          assert.deepEqual(numbersOf(typed, 'score'), values);
        }),
      );
    });

    it(`as ${type} is refused where bytes or elements do not fit the shape`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 20 }), (byteCount, count) => {
          fc.pre(byteCount !== count * writing.bytes);
          const read = numbersOf(received([tensor(type, count)], [new Uint8Array(byteCount)]), 'score');
          const problem = field === undefined && byteCount === 0 ? /numbers|raw bytes/ : /numbers/;
          assert.match(typeof read === 'string' ? read : '', problem);
        }),
      );
    });
  }

  it('among others is found, whether all are raw or only those without contents', () => {
    const count = fc.integer({ min: 1, max: 5 });
    const kinds = fc.array(fc.tuple(fc.constantFrom(...NUMBER_TYPES), fc.boolean()), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(kinds, count, fc.boolean(), (outputs, elementCount, everyOneHasAnEntry) => {
        const raws: Uint8Array[] = [];
        const tensors = outputs.map(([type, prefersTyped], at) => {
          const { field } = WRITINGS[type];
          const values = Array.from({ length: elementCount }, () => at);
          const isTyped = prefersTyped && field !== undefined;
          if (!isTyped) raws.push(rawOf(WRITINGS[type], values));
          else if (everyOneHasAnEntry) raws.push(new Uint8Array());
          return { ...tensor(type, elementCount, isTyped ? { contents: { [field]: values } } : {}), name: `out ${at}` };
        });
        const reply = received(tensors, raws);
        for (const at of outputs.keys()) {
          assert.deepEqual(numbersOf(reply, `out ${at}`), Array(elementCount).fill(at));
        }
      }),
    );
  });

  it('beyond what a score holds exactly is refused', () => {
    const beyond = fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(beyond, fc.boolean(), (value, isNegative) => {
        const number = isNegative ? -value : value;
        const raw = Buffer.alloc(8);
        raw.writeBigInt64LE(number);
        const typed = received([tensor('INT64', 1, { contents: { int64Contents: [String(number)] } })]);
        for (const reply of [received([tensor('INT64', 1)], [raw]), typed]) {
          assert.match(String(numbersOf(reply, 'score')), new RegExp(`INT64 within.*exactly, got ${number}$`));
        }
      }),
    );
  });
});

describe('an output that is no number', () => {
  it('is refused by the name of its type', () => {
    for (const type of ['BYTES', 'BOOL', 'FP8', 'toString', '']) {
      const bytes = received([tensor(type, 1)], [Buffer.from('\x01\0\0\0a')]);
      assert.match(
        String(numbersOf(bytes, 'score')),
        new RegExp(`numbers as score \\(FP16, BF16.*got ${type || 'no type'}$`),
      );
    }
  });

  it('is not there', () => {
    assert.equal(numbersOf(received([tensor('FP32', 1)]), 'logits'), 'expected an output logits, got score');
    assert.equal(numbersOf(received([]), 'score'), 'expected an output score, got none');
  });
});
