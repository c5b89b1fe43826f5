/**
 * @file Numbers in tensors of the Open Inference Protocol: every numeric type that it has, typed or as raw bytes.
 *
 * Half precision has no typed contents in the protocol and comes as raw bytes alone. Whole numbers of 64 bits are scores
 * as long as a double holds them exactly.
 */
import { bf16ToNumber, f16ToNumber } from '#ml/tensor';

/** Typed contents, as the contract's messages have them: 64 bits are decimal texts. */
export interface TensorContents {
  readonly intContents?: readonly number[];
  readonly int64Contents?: readonly string[];
  readonly uintContents?: readonly number[];
  readonly uint64Contents?: readonly string[];
  readonly fp32Contents?: readonly number[];
  readonly fp64Contents?: readonly number[];
}

interface NumberFormat {
  /** Width of an element in raw bytes. */
  readonly bytes: number;
  /** As provenance names it. */
  readonly dtype: string;
  readonly field?: keyof TensorContents;
  /** The element that begins at a byte; little-endian. */
  readonly read: (view: DataView, at: number) => number | bigint;
}

const FORMATS = {
  FP16: { bytes: 2, dtype: 'float16', read: (view, at) => f16ToNumber(view.getUint16(at, true)) },
  BF16: { bytes: 2, dtype: 'bfloat16', read: (view, at) => bf16ToNumber(view.getUint16(at, true)) },
  FP32: { bytes: 4, dtype: 'float32', field: 'fp32Contents', read: (view, at) => view.getFloat32(at, true) },
  FP64: { bytes: 8, dtype: 'float64', field: 'fp64Contents', read: (view, at) => view.getFloat64(at, true) },
  INT8: { bytes: 1, dtype: 'int8', field: 'intContents', read: (view, at) => view.getInt8(at) },
  INT16: { bytes: 2, dtype: 'int16', field: 'intContents', read: (view, at) => view.getInt16(at, true) },
  INT32: { bytes: 4, dtype: 'int32', field: 'intContents', read: (view, at) => view.getInt32(at, true) },
  INT64: { bytes: 8, dtype: 'int64', field: 'int64Contents', read: (view, at) => view.getBigInt64(at, true) },
  UINT8: { bytes: 1, dtype: 'uint8', field: 'uintContents', read: (view, at) => view.getUint8(at) },
  UINT16: { bytes: 2, dtype: 'uint16', field: 'uintContents', read: (view, at) => view.getUint16(at, true) },
  UINT32: { bytes: 4, dtype: 'uint32', field: 'uintContents', read: (view, at) => view.getUint32(at, true) },
  UINT64: { bytes: 8, dtype: 'uint64', field: 'uint64Contents', read: (view, at) => view.getBigUint64(at, true) },
} as const satisfies Readonly<Record<string, NumberFormat>>;

export type NumberType = keyof typeof FORMATS;

export const NUMBER_TYPES = Object.keys(FORMATS) as readonly NumberType[];

const formats: Readonly<Record<NumberType, NumberFormat>> = FORMATS;

export function isNumberType(datatype: string): datatype is NumberType {
  return Object.hasOwn(FORMATS, datatype);
}

/** As provenance names the type. */
export const dtypeOf = (type: NumberType): string => formats[type].dtype;

/** The elements of typed contents, or what is wrong with them. */
export function typedNumbers(contents: TensorContents | null, type: NumberType): number[] | string {
  const { field } = formats[type];
  if (field === undefined) return `expected ${type} as raw bytes, for which the protocol has no other form, got none`;
  return exactNumbers(contents?.[field] ?? [], type);
}

/** The elements in raw bytes, without padding; or what is wrong with them. */
export function rawNumbers(raw: Uint8Array, type: NumberType): number[] | string {
  const { bytes, read } = formats[type];
  if (raw.length % bytes !== 0) return `expected whole numbers of ${bytes} bytes as ${type}, got ${raw.length} bytes`;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return exactNumbers(
    Array.from({ length: raw.length / bytes }, (_, at) => read(view, at * bytes)),
    type,
  );
}

/** Texts and BigInts stand for whole numbers of 64 bits. */
function exactNumbers(elements: readonly (number | bigint | string)[], type: NumberType): number[] | string {
  const inexact = elements.find((element) => typeof element !== 'number' && !Number.isSafeInteger(Number(element)));
  if (inexact === undefined) return elements.map(Number);
  return `expected ${type} within ±${Number.MAX_SAFE_INTEGER}, which a score holds exactly, got ${inexact}`;
}
