/**
 * @file The header of a safetensors file, read without trust.
 *
 *   u64 N (little-endian) │ N bytes of JSON, padded with blanks │ data
 *
 * JSON: name → { dtype, shape, data_offsets: [begin, end) } relative to the data; `__metadata__` → text to text. The data
 * must be covered without gap or overlap. Source: the format's description, github.com/huggingface/safetensors.
 */
import { duplicateKey, elementCount, messageOf, parseForeignJson } from '#core';
import { FILE_DTYPE_BYTES, type FileDType } from './stored-tensor.js';
import { SafetensorsInvalidError } from './tensor.errors.js';

/** Room for more than a hundred thousand tensors. The reference reader allows six times as much, which JSON can turn into gigabytes. */
export const HEADER_BYTES_MAX = 1 << 24;
/** Bytes of the length in front of the header. */
export const LENGTH_BYTES = 8;

export interface HeaderEntry {
  readonly name: string;
  readonly dtype: FileDType;
  readonly dims: readonly number[];
  /** Relative to the data section; end exclusive. */
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  /** In the order of their data. */
  readonly entries: readonly HeaderEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Length of the header from the file's first eight bytes, checked against the file's size. */
export function headerLength(first: Uint8Array, fileBytes: number, where: string): number {
  if (fileBytes < LENGTH_BYTES || first.byteLength < LENGTH_BYTES) {
    throw new SafetensorsInvalidError(where, `truncated: ${fileBytes} bytes cannot hold a header`);
  }
  const length = new DataView(first.buffer, first.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(HEADER_BYTES_MAX)) {
    throw new SafetensorsInvalidError(where, `header of ${length} bytes, at most ${HEADER_BYTES_MAX} are allowed`);
  }
  if (Number(length) > fileBytes - LENGTH_BYTES) {
    throw new SafetensorsInvalidError(where, `truncated: header of ${length} bytes in a file of ${fileBytes}`);
  }
  return Number(length);
}

/** Reads the header's JSON; `dataBytes` is what follows it in the file. */
export function parseHeader(json: Uint8Array, dataBytes: number, where: string): Header {
  const parsed = parseJson(json, where);
  const { __metadata__: metadata, ...tensors } = parsed;
  const entries = Object.entries(tensors)
    .map(([name, value]) => parseEntry(name, value, where))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== covered) {
      const problem = begin < covered ? 'overlaps the tensor before it' : `leaves a gap of ${begin - covered} bytes`;
      throw new SafetensorsInvalidError(where, `${problem} (begins at ${begin})`, { tensorName: name });
    }
    if (end > dataBytes) {
      throw new SafetensorsInvalidError(where, `truncated: ends at ${end}, the data has ${dataBytes} bytes`, {
        tensorName: name,
      });
    }
    covered = end;
  }
  if (covered !== dataBytes) {
    throw new SafetensorsInvalidError(where, `${dataBytes - covered} bytes after the last tensor belong to none`);
  }
  return { entries, metadata: parseMetadata(metadata, where) };
}

function parseJson(json: Uint8Array, where: string): Record<string, unknown> {
  let text: string;
  let parsed: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(json);
    parsed = parseForeignJson(text);
  } catch (cause) {
    throw new SafetensorsInvalidError(where, `header is not JSON: ${messageOf(cause)}`, { cause });
  }
  if (!isRecord(parsed)) throw new SafetensorsInvalidError(where, 'header is not a JSON object');
  const twice = duplicateKey(text);
  if (twice !== undefined) throw new SafetensorsInvalidError(where, `header names ${shown(twice)} twice`);
  return parsed;
}

function parseEntry(name: string, value: unknown, where: string): HeaderEntry {
  const wrong = (problem: string) => new SafetensorsInvalidError(where, problem, { tensorName: name });
  if (!isRecord(value)) throw wrong('header entry is not an object');
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(FILE_DTYPE_BYTES, dtype)) {
    throw wrong(`unknown dtype ${shown(dtype)}`);
  }
  if (!isSizes(shape)) throw wrong(`shape ${shown(shape)} is not a list of sizes`);
  if (!isSizes(offsets) || offsets.length !== 2) throw wrong(`data_offsets ${shown(offsets)} are no pair`);
  const [begin, end] = offsets as [number, number];
  const expected = elementCount(shape) * (FILE_DTYPE_BYTES[dtype] as number);
  if (end - begin !== expected) {
    throw wrong(`${dtype} [${shape.join(', ')}] takes ${expected} bytes, data_offsets give ${end - begin}`);
  }
  return { name, dtype, dims: shape, begin, end };
}

function parseMetadata(metadata: unknown, where: string): Record<string, string> {
  if (metadata === undefined) return {};
  if (isRecord(metadata) && Object.values(metadata).every((value) => typeof value === 'string')) {
    return metadata as Record<string, string>;
  }
  throw new SafetensorsInvalidError(where, '__metadata__ must map text to text');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

const SHOWN_CHARACTERS_MAX = 100;

/** A value for a message: of bounded length, and whatever its depth. */
function shown(value: unknown): string {
  try {
    return JSON.stringify(value)?.slice(0, SHOWN_CHARACTERS_MAX) ?? 'absent';
  } catch {
    return 'nested beyond reason';
  }
}
