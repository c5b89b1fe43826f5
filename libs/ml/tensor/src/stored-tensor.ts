/** @file A tensor as files hold it, bytes and element type, and its exact reading as numbers. */
import { f32Tensor, type DType, type F32Tensor } from '#core';
import { narrowBf16, narrowF16, widenBf16, widenF16 } from './float-arrays.js';
import { DTypeUnsupportedError, SafetensorsInvalidError } from './tensor.errors.js';

/** Bytes per element of every type the format knows; we compute with the first five. */
export const FILE_DTYPE_BYTES: Readonly<Record<string, number>> = {
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  F64: 8,
  I32: 4,
  U32: 4,
  U64: 8,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
};

/** As the file names it, in capitals. */
export type FileDType = string;

/** Our element types under the file's names. */
export const FILE_DTYPES = { f32: 'F32', f16: 'F16', bf16: 'BF16' } as const satisfies Partial<
  Record<DType, FileDType>
>;

export interface StoredTensor {
  readonly dtype: FileDType;
  readonly dims: readonly number[];
  /** Little-endian, row-major. */
  readonly bytes: Uint8Array;
}

/** Where a tensor came from, for messages. */
export interface TensorPlace {
  readonly name: string;
  readonly where: string;
}

const NUMERIC = ['F32', 'F16', 'BF16', 'F64', 'I64'];
/** Beyond this, float32 skips integers. */
const EXACT_INTEGER_MAX = 2 ** 24;

/** The tensor as float32: exact for F32, F16 and BF16; F64 is rounded to nearest; I64 must fit exactly. */
export function toF32Tensor(stored: StoredTensor, place: TensorPlace): F32Tensor {
  const { dtype, dims, bytes } = stored;
  if (dtype === 'F32') return f32Tensor(dims, new Float32Array(aligned(bytes, 4)));
  if (dtype === 'F16' || dtype === 'BF16') return f32Tensor(dims, widened(dtype, bytes));
  const values = toNumbers(stored, place);
  const data = new Float32Array(values.length);
  for (let i = 0; i < data.length; i++) {
    const value = values[i]!;
    if (dtype === 'I64' && Math.abs(value) > EXACT_INTEGER_MAX) {
      throw new SafetensorsInvalidError(place.where, `${value} does not fit float32 exactly`, {
        tensorName: place.name,
      });
    }
    data[i] = value;
  }
  return f32Tensor(dims, data);
}

/** The tensor as float64, exact. I64 beyond 2⁵³ is refused. */
export function toNumbers({ dtype, bytes }: StoredTensor, { name, where }: TensorPlace): Float64Array {
  switch (dtype) {
    case 'F32':
      return Float64Array.from(new Float32Array(aligned(bytes, 4)));
    case 'F64':
      return new Float64Array(aligned(bytes, 8));
    case 'F16':
    case 'BF16':
      return Float64Array.from(widened(dtype, bytes));
    case 'I64': {
      const integers = new BigInt64Array(aligned(bytes, 8));
      return Float64Array.from(integers, (integer) => {
        const value = Number(integer);
        if (Number.isSafeInteger(value)) return value;
        throw new SafetensorsInvalidError(where, `${integer} is beyond 2^53`, { tensorName: name });
      });
    }
    default:
      throw new DTypeUnsupportedError(where, name, dtype, NUMERIC);
  }
}

/** A float32 tensor in a file's element type; narrowing rounds to nearest, ties to even. */
export function fromF32Tensor({ dims, data }: F32Tensor, dtype: Exclude<DType, 'i64'> = 'f32'): StoredTensor {
  if (dtype === 'f32')
    return { dtype: 'F32', dims, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
  const bits = new Uint16Array(data.length);
  (dtype === 'f16' ? narrowF16 : narrowBf16)(data, bits);
  return { dtype: FILE_DTYPES[dtype], dims, bytes: new Uint8Array(bits.buffer) };
}

function widened(dtype: 'F16' | 'BF16', bytes: Uint8Array): Float32Array {
  const bits = new Uint16Array(aligned(bytes, 2));
  const values = new Float32Array(bits.length);
  (dtype === 'F16' ? widenF16 : widenBf16)(bits, values);
  return values;
}

/** A buffer that typed arrays can view; copied only where the bytes do not own an aligned one. */
function aligned(bytes: Uint8Array, width: number): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes;
  const owns = buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength;
  // Not `slice`: a Buffer's would share the memory of its pool.
  return owns && byteLength % width === 0 ? buffer : new Uint8Array(bytes).buffer;
}
