/**
 * @file Values of GGUF metadata, with the type that the file gives them: a key that llama.cpp wants as uint32 must not
 * come back as something else.
 */

/** Scalar types in the order of their ids; `null` marks the id of arrays. */
export const VALUE_TYPES = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'float32',
  'bool',
  'string',
  null,
  'uint64',
  'int64',
  'float64',
] as const;

export const ARRAY_TYPE_ID = 9;

export type GgufScalarType = NonNullable<(typeof VALUE_TYPES)[number]>;
type SmallNumberType = 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'float32' | 'float64';

export type GgufScalar =
  | { readonly type: SmallNumberType; readonly value: number }
  | { readonly type: 'uint64' | 'int64'; readonly value: bigint }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string };

export type GgufArray =
  | { readonly type: 'array'; readonly of: SmallNumberType; readonly values: ArrayLike<number> & Iterable<number> }
  | { readonly type: 'array'; readonly of: 'uint64'; readonly values: ArrayLike<bigint> & Iterable<bigint> }
  | { readonly type: 'array'; readonly of: 'int64'; readonly values: ArrayLike<bigint> & Iterable<bigint> }
  | { readonly type: 'array'; readonly of: 'bool'; readonly values: readonly boolean[] }
  | { readonly type: 'array'; readonly of: 'string'; readonly values: readonly string[] };

export type GgufValue = GgufScalar | GgufArray;

/** Key → value, in the file's order. */
export type GgufEntries = ReadonlyMap<string, GgufValue>;

/** Bytes of one element of each type; of a string: its length field alone. */
export const VALUE_BYTES: { readonly [T in GgufScalarType]: number } = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  bool: 1,
  string: 8,
  uint64: 8,
  int64: 8,
  float64: 8,
};

/** Makers of values, so that call sites read as the table they are. */
export const gguf = {
  uint32: (value: number): GgufValue => ({ type: 'uint32', value }),
  float32: (value: number): GgufValue => ({ type: 'float32', value }),
  bool: (value: boolean): GgufValue => ({ type: 'bool', value }),
  string: (value: string): GgufValue => ({ type: 'string', value }),
  strings: (values: readonly string[]): GgufValue => ({ type: 'array', of: 'string', values }),
  int32s: (values: readonly number[] | Int32Array): GgufValue => ({ type: 'array', of: 'int32', values }),
  float32s: (values: readonly number[] | Float32Array): GgufValue => ({ type: 'array', of: 'float32', values }),
} as const;
