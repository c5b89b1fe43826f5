/**
 * @file safetensors in memory: bytes to tensors and back.
 *
 * Writing is canonical, so equal tensors give equal files: names in code-unit order within descending alignment (as the
 * reference writer orders them), a header padded with blanks to eight bytes, data without gaps.
 */
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

/** The length field and the padded header, then each tensor's bytes in order. */
export function safetensorsParts({ tensors, metadata }: TensorFile): Uint8Array[] {
  const ordered = [...tensors].sort(([nameA, a], [nameB, b]) => {
    const width = (FILE_DTYPE_BYTES[b.dtype] ?? 1) - (FILE_DTYPE_BYTES[a.dtype] ?? 1);
    return width || (nameA < nameB ? -1 : 1);
  });
  let offset = 0;
  const header: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  if (Object.keys(metadata).length > 0) {
    header['__metadata__'] = Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  for (const [name, { dtype, dims, bytes }] of ordered) {
    header[name] = { dtype, shape: dims, data_offsets: [offset, (offset += bytes.byteLength)] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(json.length / HEADER_ALIGNMENT_BYTES) * HEADER_ALIGNMENT_BYTES, ' ');
  padded.set(json);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(padded.length));
  return [length, padded, ...ordered.map(([, { bytes }]) => bytes)];
}

/** The whole file in memory. */
export function encodeSafetensors(file: TensorFile): Uint8Array {
  return Buffer.concat(safetensorsParts(file));
}
