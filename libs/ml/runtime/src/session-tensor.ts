/** @file Arrays as sessions take and give them. A tensor is a view: the elements are not copied when it is made. */
import { assert, elementCount } from '#core';
import { Tensor } from './onnxruntime.js';

export type SessionTensor = Tensor;

/** A float32 view of `data`; changes of `data` are seen by every later run. */
export function f32View(dims: readonly number[], data: Float32Array): SessionTensor {
  check(dims, data.length);
  return new Tensor('float32', data, dims);
}

export function f64View(dims: readonly number[], data: Float64Array): SessionTensor {
  check(dims, data.length);
  return new Tensor('float64', data, dims);
}

export function i64View(dims: readonly number[], data: BigInt64Array): SessionTensor {
  check(dims, data.length);
  return new Tensor('int64', data, dims);
}

export function i32View(dims: readonly number[], data: Int32Array): SessionTensor {
  check(dims, data.length);
  return new Tensor('int32', data, dims);
}

export function u8View(dims: readonly number[], data: Uint8Array): SessionTensor {
  check(dims, data.length);
  return new Tensor('uint8', data, dims);
}

export function boolTensor(dims: readonly number[], truths: readonly boolean[]): SessionTensor {
  check(dims, truths.length);
  return new Tensor('bool', Uint8Array.from(truths, Number), dims);
}

/** 64-bit integers from numbers, for token ids, positions and row numbers. */
export function i64Tensor(dims: readonly number[], numbers: readonly number[]): SessionTensor {
  return i64View(dims, BigInt64Array.from(numbers, BigInt));
}

function check(dims: readonly number[], length: number): void {
  assert(elementCount(dims) === length, `shape [${dims.join(', ')}] does not hold ${length} elements`);
}
