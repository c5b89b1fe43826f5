/**
 * @file float32 to the stored forms that we write, bit for bit as the `gguf` library does it (quants.py, 0.19.0).
 *
 *   Q8_0, blocks of 32:  d = max|x| / 127,  q = round(x · (1/d)), halves away from zero;  stored: f16(d), 32 × int8
 *
 * Every step is float32 arithmetic there, so it is rounded to float32 here.
 */
import { assert } from '#core';
import { fromF32Tensor, numberToF16 } from '#ml/tensor';
import { GGML_TYPES } from './ggml-types.js';

export type WritableGgmlType = 'F32' | 'F16' | 'BF16' | 'Q8_0';

/** The bytes of a tensor's elements in a stored form. */
export function quantise(type: WritableGgmlType, data: Float32Array): Uint8Array {
  if (type === 'Q8_0') return quantiseQ8(data);
  const dtype = { F32: 'f32', F16: 'f16', BF16: 'bf16' } as const;
  return fromF32Tensor({ dims: [data.length], data }, dtype[type]).bytes;
}

const Q8_MAX = 127;

function quantiseQ8(data: Float32Array): Uint8Array {
  const { elements, bytes } = GGML_TYPES.Q8_0;
  assert(data.length % elements === 0, `${data.length} elements are no whole Q8_0 blocks`);
  const out = new Uint8Array((data.length / elements) * bytes);
  const view = new DataView(out.buffer);
  for (let block = 0; block * elements < data.length; block++) {
    const from = block * elements;
    let largest = 0;
    for (let i = from; i < from + elements; i++) largest = Math.max(largest, Math.abs(data[i]!));
    const scale = Math.fround(largest / Q8_MAX);
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    const at = block * bytes;
    view.setUint16(at, numberToF16(scale), true);
    for (let i = 0; i < elements; i++) {
      view.setInt8(at + 2 + i, roundHalfAway(Math.fround(data[from + i]! * inverse)));
    }
  }
  return out;
}

/** np_roundf: floor(|x|) + floor(2 · (|x| − floor(|x|))), with the sign of x. */
function roundHalfAway(value: number): number {
  const magnitude = Math.abs(value);
  const floor = Math.floor(magnitude);
  return Math.sign(value) * (floor + Math.floor(2 * (magnitude - floor)));
}
