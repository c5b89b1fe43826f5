/**
 * @file safetensors in memory: bytes to tensors and back.
 *
 * Writing is canonical, so equal tensors give equal files: names in code-unit order within descending alignment (as the
 * reference writer orders them), a header padded with blanks to eight bytes, data without gaps.
 */
import { elementCount, present } from '#core';
import { LENGTH_BYTES, headerLength, parseHeader } from './safetensors-header.js';
import { FILE_DTYPE_BYTES, type StoredTensor } from './stored-tensor.js';

export interface TensorFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What transformers writes, and older versions of it insist on. */
export const TORCH_METADATA: Readonly<Record<string, string>> = { format: 'pt' };

const HEADER_ALIGNMENT_BYTES = 8;

/** Reads a whole file from memory. `where` names it in errors. @throws SafetensorsInvalidError */
export function decodeSafetensors(bytes: Uint8Array, where: string): TensorFile {
  const length = headerLength(bytes.subarray(0, LENGTH_BYTES), bytes.byteLength, where);
  const data = bytes.subarray(LENGTH_BYTES + length);
  const { entries, metadata } = parseHeader(
    bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length),
    data.byteLength,
    where,
  );
  const tensors = entries.map(({ name, dtype, dims, begin, end }) => {
    return [name, { dtype, dims, bytes: data.subarray(begin, end) }] as const;
  });
  return { tensors: new Map(tensors), metadata };
}

/** What comes before the data, and the order of the data. */
export interface EncodedHeader {
  /** The length field and the padded JSON. */
  readonly prefix: Uint8Array;
  /** Tensors in the order in which their bytes follow. */
  readonly names: readonly string[];
}

/** The canonical header for tensors of these types and shapes. */
export function safetensorsHeader(
  tensors: ReadonlyMap<string, Pick<StoredTensor, 'dtype' | 'dims'>>,
  metadata: Readonly<Record<string, string>>,
): EncodedHeader {
  const widthOf = ({ dtype }: Pick<StoredTensor, 'dtype'>): number => FILE_DTYPE_BYTES[dtype] ?? 1;
  const ordered = [...tensors].sort(([nameA, a], [nameB, b]) => widthOf(b) - widthOf(a) || (nameA < nameB ? -1 : 1));
  let offset = 0;
  const header: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  if (Object.keys(metadata).length > 0) {
    header['__metadata__'] = Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  for (const [name, { dtype, dims }] of ordered) {
    const byteCount = elementCount(dims) * widthOf({ dtype });
    header[name] = { dtype, shape: dims, data_offsets: [offset, (offset += byteCount)] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const jsonBytes = Math.ceil(json.length / HEADER_ALIGNMENT_BYTES) * HEADER_ALIGNMENT_BYTES;
  const prefix = Buffer.alloc(LENGTH_BYTES + jsonBytes, ' ');
  prefix.writeBigUInt64LE(BigInt(jsonBytes));
  prefix.set(json, LENGTH_BYTES);
  return { prefix, names: ordered.map(([name]) => name) };
}

/** The whole file in memory. */
export function encodeSafetensors({ tensors, metadata }: TensorFile): Uint8Array {
  const { prefix, names } = safetensorsHeader(tensors, metadata);
  return Buffer.concat([prefix, ...names.map((name) => present(tensors.get(name), name).bytes)]);
}
