/** Stored forms against the `gguf` library, bit by bit. */
import { describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { READABLE_GGML_TYPES, dequantise } from './dequantise.js';
import { GGML_TYPES, type GgmlType } from './ggml-types.js';
import { quantise } from './quantise.js';
import { DEQUANTISED, QUANTISED, QUANTISED_FROM } from './testing/quant-vectors.js';

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

describe('stored blocks', () => {
  for (const [name, { bytes, floats }] of Object.entries(DEQUANTISED)) {
    it(`of ${name} become the same float32 as in the gguf library`, () => {
      const type = name as GgmlType;
      const stored = bytesOf(bytes);
      const count = (stored.length / GGML_TYPES[type].bytes) * GGML_TYPES[type].elements;
      const out = new Float32Array(count + 2);
      dequantise(type, stored, out, 1);
      const result = out.slice(1, -1);
      equal(createHash('sha256').update(new Uint8Array(result.buffer)).digest('hex'), floats);
      deepEqual([out[0], out.at(-1)], [0, 0], 'writes where it should, and nowhere else');
    });
  }

  it('are readable for all types that the package promises', () => {
    for (const type of READABLE_GGML_TYPES) ok(type === 'F32' || type in DEQUANTISED, type);
  });
});

describe('float32', () => {
  const values = new Float32Array(bytesOf(QUANTISED_FROM).buffer);
  for (const [name, bytes] of Object.entries(QUANTISED)) {
    it(`becomes the same ${name} as in the gguf library`, () => {
      deepEqual(Buffer.from(quantise(name as keyof typeof QUANTISED, values)).toString('base64'), bytes);
    });
  }

  it('of a block of zeros has scale zero', () => {
    deepEqual(quantise('Q8_0', new Float32Array(32)), new Uint8Array(34));
  });
});
