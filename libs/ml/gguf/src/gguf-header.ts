/**
 * @file The header of a GGUF file, read without trust: everything that stands before the tensors' data.
 *
 *   "GGUF" │ u32 version │ u64 tensors │ u64 entries │ entries │ tensor infos │ padding │ data
 *
 * Versions 2 and 3, little-endian. Before anything is allocated, each count and length is held against what the file
 * could possibly contain. Tensors must lie as llama.cpp asks: in the order of their infos, each at the padded end of the one
 * before, so that none overlaps another and no changed shape goes unnoticed. Source: ggml's gguf.cpp, docs/gguf.md.
 */
import { GgufCursor } from './gguf-cursor.js';
import { GGML_TYPES, ggmlBytes, ggmlTypeOf, type GgmlType } from './ggml-types.js';
import type { GgufEntries, GgufValue } from './gguf-value.js';
import { GgufInvalidError, GgufUnsupportedError } from './gguf.errors.js';

export const GGUF_MAGIC = 'GGUF';
export const GGUF_VERSION = 3;
export const ALIGNMENT_KEY = 'general.alignment';
export const ALIGNMENT_DEFAULT = 32;

/** Limits beyond any model in use; what exceeds them is refused before it is read. */
const ENTRIES_MAX = 2 ** 16;
const TENSORS_MAX = 2 ** 20;
const ALIGNMENT_MAX = 2 ** 20;
/** ggml's own: GGML_MAX_NAME and GGML_MAX_DIMS. */
const NAME_BYTES_MAX = 63;
const DIMS_MAX = 4;
/** Key length, type, one byte. */
const ENTRY_BYTES_MIN = 8 + 4 + 1;
/** Name length, axes, one size, type, offset. */
const INFO_BYTES_MIN = 8 + 4 + 8 + 4 + 8;

export interface GgufTensorInfo {
  readonly name: string;
  readonly type: GgmlType;
  /** Outermost axis first, as everywhere here; the file has them the other way round. */
  readonly dims: readonly number[];
  /** From the start of the file; end exclusive. */
  readonly begin: number;
  readonly end: number;
}

export interface GgufHeader {
  readonly version: number;
  readonly metadata: GgufEntries;
  /** Name → info, in the file's order. */
  readonly tensors: ReadonlyMap<string, GgufTensorInfo>;
}

/**
 * Reads the header from the first bytes of a file of `fileBytes`.
 *
 * @throws GgufInvalidError, GgufUnsupportedError; HeaderCutShort when `bytes` are too few of the file's
 */
export function parseGgufHeader(bytes: Uint8Array, fileBytes: number, where: string): GgufHeader {
  const cursor = new GgufCursor(bytes, fileBytes, where);
  const version = readVersion(cursor);
  const tensorCount = cursor.count('tensors', { bytesEach: INFO_BYTES_MIN, max: TENSORS_MAX });
  const entryCount = cursor.count('metadata entries', { bytesEach: ENTRY_BYTES_MIN, max: ENTRIES_MAX });
  const metadata = new Map<string, GgufValue>();
  for (let index = 0; index < entryCount; index++) {
    const key = cursor.text(`key of metadata entry ${index}`);
    if (metadata.has(key)) throw new GgufInvalidError(where, 'stands twice in the metadata', { key });
    metadata.set(key, cursor.value(key));
  }
  const infos = new Map<string, RawInfo>();
  for (let index = 0; index < tensorCount; index++) {
    const info = readInfo(cursor, index);
    if (infos.has(info.name)) throw new GgufInvalidError(where, 'stands twice', { tensorName: info.name });
    infos.set(info.name, info);
  }
  return { version, metadata, tensors: placeTensors([...infos.values()], cursor, alignmentOf(metadata, where)) };
}

function readVersion(cursor: GgufCursor): number {
  const { where } = cursor;
  const magic = cursor.ascii(GGUF_MAGIC.length);
  if (magic !== GGUF_MAGIC) throw new GgufInvalidError(where, `begins with ${JSON.stringify(magic)}, not "GGUF"`);
  const version = cursor.u32('version');
  if (version === 2 || version === GGUF_VERSION) return version;
  const isSwapped = version !== 0 && (version & 0xffff) === 0;
  const got = isSwapped ? 'big-endian GGUF' : `GGUF version ${version}`;
  throw new GgufUnsupportedError(where, got, 'versions 2 and 3, little-endian');
}

/** An info as the file has it: the offset counts from the start of the data. */
interface RawInfo {
  readonly name: string;
  readonly type: GgmlType;
  readonly dims: readonly number[];
  readonly offset: bigint;
  readonly bytes: number;
}

function readInfo(cursor: GgufCursor, index: number): RawInfo {
  const { where } = cursor;
  const name = cursor.text(`name of tensor ${index}`, NAME_BYTES_MAX);
  const wrong = (problem: string) => new GgufInvalidError(where, problem, { tensorName: name });
  const axes = cursor.u32('number of axes');
  if (axes < 1 || axes > DIMS_MAX) throw wrong(`${axes} axes; expected 1 to ${DIMS_MAX}`);
  const dims: number[] = [];
  let elements = 1;
  for (let axis = 0; axis < axes; axis++) {
    const size = Number(cursor.u64('size of an axis'));
    elements *= size;
    if (size < 1 || !Number.isSafeInteger(elements)) throw wrong(`size ${size} on axis ${axes - 1 - axis}`);
    dims.unshift(size);
  }
  const typeId = cursor.u32('type');
  const type = ggmlTypeOf(typeId);
  if (type === undefined) {
    throw new GgufUnsupportedError(where, `tensor ${name} of type ${typeId}`, Object.keys(GGML_TYPES).join(', '));
  }
  const row = dims.at(-1) ?? 0;
  if (row % GGML_TYPES[type].elements !== 0) {
    throw wrong(`rows of ${row} elements are no whole ${type} blocks of ${GGML_TYPES[type].elements}`);
  }
  return { name, type, dims, offset: cursor.u64('offset'), bytes: ggmlBytes(type, elements) };
}

/** Gives each tensor its place in the file, and checks that the data is covered as it should be. */
function placeTensors(
  infos: readonly RawInfo[],
  { position, fileBytes, where }: GgufCursor,
  alignment: number,
): ReadonlyMap<string, GgufTensorInfo> {
  const padded = (bytes: number) => Math.ceil(bytes / alignment) * alignment;
  const dataStart = padded(position);
  let expected = 0;
  let end = position;
  const placed = new Map<string, GgufTensorInfo>();
  for (const { name, type, dims, offset, bytes } of infos) {
    if (offset !== BigInt(expected)) {
      const problem = offset < BigInt(expected) ? 'overlaps the tensor before it' : 'leaves a gap before it';
      throw new GgufInvalidError(where, `${problem}: offset ${offset}, expected ${expected}`, { tensorName: name });
    }
    const begin = dataStart + expected;
    end = begin + bytes;
    if (!(end <= fileBytes)) {
      throw new GgufInvalidError(where, `truncated: ends at byte ${end} of a file of ${fileBytes}`, {
        tensorName: name,
      });
    }
    placed.set(name, { name, type, dims, begin, end });
    expected += padded(bytes);
  }
  if (fileBytes > padded(end)) {
    throw new GgufInvalidError(where, `${fileBytes - end} bytes after the last tensor belong to none`);
  }
  return placed;
}

function alignmentOf(metadata: GgufEntries, where: string): number {
  const found = metadata.get(ALIGNMENT_KEY);
  if (found === undefined) return ALIGNMENT_DEFAULT;
  const { value } = found.type === 'uint32' ? found : { value: 0 };
  const isPowerOfTwo = value > 0 && (value & (value - 1)) === 0;
  if (isPowerOfTwo && value <= ALIGNMENT_MAX) return value;
  throw new GgufInvalidError(where, `expected a uint32 power of two up to ${ALIGNMENT_MAX}`, { key: ALIGNMENT_KEY });
}
