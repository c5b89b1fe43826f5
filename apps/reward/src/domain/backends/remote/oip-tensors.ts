/** @file Tensors of the Open Inference Protocol: texts in, numbers out, in either of the forms that servers send. */

/** As the contract's messages have them; only what is read here. */
export interface OutputTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly (string | number)[];
  readonly contents: {
    readonly fp32Contents?: readonly number[];
    readonly fp64Contents?: readonly number[];
  } | null;
}

export interface InputTensor {
  readonly name: string;
  readonly datatype: 'BYTES';
  readonly shape: string[];
  readonly contents: { readonly bytesContents: Buffer[] };
}

/** Texts as a tensor of one axis, or of two where the model has a batch axis and one element in each row. */
export function textTensor(name: string, texts: readonly string[], rank: 1 | 2): InputTensor {
  const rows = String(texts.length);
  return {
    name,
    datatype: 'BYTES',
    shape: rank === 1 ? [rows] : [rows, '1'],
    contents: { bytesContents: texts.map((text) => Buffer.from(text, 'utf8')) },
  };
}

/** Element types that are read, with their width in bytes and the name that provenance gives them. */
export const FLOAT_TYPES = {
  FP32: { bytes: 4, dtype: 'float32' },
  FP64: { bytes: 8, dtype: 'float64' },
} as const;

export type FloatType = keyof typeof FLOAT_TYPES;

export function isFloatType(datatype: string): datatype is FloatType {
  return datatype in FLOAT_TYPES;
}

/** The numbers of an output, or what is wrong with it. `raw` is there where the server sends bytes beside the tensors. */
export function numbersOf(tensor: OutputTensor, raw: Uint8Array | undefined): number[] | string {
  const { name, datatype, shape, contents } = tensor;
  if (!isFloatType(datatype)) return `expected FP32 or FP64 as ${name}, got ${datatype || 'no type'}`;
  const count = shape.reduce<number>((product, size) => product * Number(size), 1);
  const values = raw
    ? rawNumbers(raw, datatype)
    : [...((datatype === 'FP32' ? contents?.fp32Contents : contents?.fp64Contents) ?? [])];
  if (values === undefined)
    return `expected whole numbers of ${FLOAT_TYPES[datatype].bytes} bytes, got ${raw?.length} bytes`;
  if (values.length === count) return values;
  return `expected ${count} numbers, as the shape [${shape.join(', ')}] of ${name} says, got ${values.length}`;
}

/** Little-endian, without padding; undefined where the bytes do not come out even. */
function rawNumbers(raw: Uint8Array, datatype: FloatType): number[] | undefined {
  const { bytes } = FLOAT_TYPES[datatype];
  if (raw.length % bytes !== 0) return undefined;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Array.from({ length: raw.length / bytes }, (_, at) =>
    datatype === 'FP32' ? view.getFloat32(at * bytes, true) : view.getFloat64(at * bytes, true),
  );
}
