/** @file A dense array in host memory: what files, the wire and the engine exchange. */
import { AppError, assert } from './errors.js';

/** Element types; the wire names them `DATA_TYPE_…`, safetensors in capitals. */
export type DType = 'f32' | 'f16' | 'bf16' | 'i64';

/** Bytes per element. */
export const DTYPE_BYTES: { readonly [D in DType]: number } = { f32: 4, f16: 2, bf16: 2, i64: 8 };

/** A float32 array with its shape, row-major. */
export interface F32Tensor {
  /** Sizes of the axes, outermost first; empty for a scalar. */
  readonly dims: readonly number[];
  /** Elements, row-major; its length is the product of `dims`. */
  readonly data: Float32Array;
}

/** Named float32 tensors. Iteration order is insertion order; canonical order is by name. */
export type TensorMap = ReadonlyMap<string, F32Tensor>;

/** Number of elements of a shape. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

/** Makes a tensor, checking that shape and data agree. */
export function f32Tensor(dims: readonly number[], data: Float32Array): F32Tensor {
  assert(elementCount(dims) === data.length, `shape [${dims.join(', ')}] does not hold ${data.length} elements`);
  return { dims, data };
}

/** Thrown when a tensor has not the shape that its place asks for. Maps to INVALID_ARGUMENT. */
export class TensorShapeMismatchError extends AppError {
  readonly code = 'TENSOR_SHAPE_MISMATCH';
  readonly status = 'INVALID_ARGUMENT';

  constructor(tensorName: string, expected: readonly number[], got: readonly number[], where: string) {
    super(`Tensor ${tensorName} in ${where}: expected shape [${expected.join(', ')}], got [${got.join(', ')}]`, {
      facts: { tensorName, expected: expected.join('x'), got: got.join('x') },
    });
  }
}
