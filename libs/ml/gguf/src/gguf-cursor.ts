/** @file Reads the little-endian values of a GGUF header one after another; nothing is believed before it is there. */
import {
  ARRAY_TYPE_ID,
  VALUE_BYTES,
  VALUE_TYPES,
  type GgufArray,
  type GgufScalarType,
  type GgufValue,
} from './gguf-value.js';
import { GgufInvalidError } from './gguf.errors.js';

/** Elements of one metadata array; the largest vocabularies in use have some hundred thousand tokens. */
const ARRAY_LENGTH_MAX = 2 ** 24;
const KEY_BYTES_MAX = 2 ** 16 - 1;
/** Longest text value; chat templates and licences are the longest in use. */
const TEXT_BYTES_MAX = 2 ** 24;

/** Thrown when the header goes on beyond the bytes at hand, though not beyond the file: come again with more. */
export class HeaderCutShort extends Error {
  override readonly name = 'HeaderCutShort';

  constructor(
    /** Bytes of the file that are known to be needed. */
    readonly bytesNeeded: number,
  ) {
    super(`the header needs at least ${bytesNeeded} bytes`);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class GgufCursor {
  position = 0;
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    readonly fileBytes: number,
    readonly where: string,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u32(what: string): number {
    return this.view.getUint32(this.take(4, what), true);
  }

  u64(what: string): bigint {
    return this.view.getBigUint64(this.take(8, what), true);
  }

  ascii(length: number): string {
    const at = this.take(length, 'magic');
    return Buffer.from(this.bytes.subarray(at, at + length)).toString('latin1');
  }

  /** A count of things of at least `bytesEach`: refused when the rest of the file could not hold them. */
  count(what: string, { bytesEach, max }: { readonly bytesEach: number; readonly max: number }): number {
    const found = this.u64(`number of ${what}`);
    const possible = Math.floor((this.fileBytes - this.position) / bytesEach);
    if (found > BigInt(possible)) {
      throw new GgufInvalidError(this.where, `${found} ${what} announced; the file could hold ${possible}`);
    }
    if (found > BigInt(max)) throw new GgufInvalidError(this.where, `${found} ${what}, at most ${max} are allowed`);
    return Number(found);
  }

  /** A length field and as many bytes of UTF-8. */
  text(what: string, bytesMax: number = KEY_BYTES_MAX): string {
    const length = this.u64(`length of the ${what}`);
    if (length > BigInt(bytesMax)) {
      throw new GgufInvalidError(this.where, `${what}: ${length} bytes, at most ${bytesMax} are allowed`);
    }
    const at = this.take(Number(length), what);
    try {
      return utf8.decode(this.bytes.subarray(at, this.position));
    } catch (cause) {
      throw new GgufInvalidError(this.where, `${what} is not UTF-8`, { cause });
    }
  }

  /** The type and the value of a metadata entry. */
  value(key: string): GgufValue {
    const typeId = this.u32(`type of ${key}`);
    if (typeId === ARRAY_TYPE_ID) return this.array(key);
    const type = this.scalarType(typeId, key);
    return { type, value: this.scalar(type, key) } as GgufValue;
  }

  private array(key: string): GgufArray {
    const typeId = this.u32(`element type of ${key}`);
    if (typeId === ARRAY_TYPE_ID) throw new GgufInvalidError(this.where, 'is an array of arrays', { key });
    const of = this.scalarType(typeId, key);
    const length = this.count(`elements of ${key}`, { bytesEach: VALUE_BYTES[of], max: ARRAY_LENGTH_MAX });
    if (of === 'string') {
      // No `Array.from({ length })`: the array grows only as its elements are really there.
      const values: string[] = [];
      for (let index = 0; index < length; index++) values.push(this.text(key, TEXT_BYTES_MAX));
      return { type: 'array', of, values };
    }
    const begin = this.take(length * VALUE_BYTES[of], key);
    const bytes = this.bytes.slice(begin, this.position);
    if (of === 'bool') return { type: 'array', of, values: Array.from(bytes, (byte) => this.flag(byte, key)) };
    return { type: 'array', of, values: new TYPED_ARRAYS[of](new Uint8Array(bytes).buffer) } as GgufArray;
  }

  private scalar(type: GgufScalarType, key: string): number | bigint | boolean | string {
    if (type === 'string') return this.text(key, TEXT_BYTES_MAX);
    const at = this.take(VALUE_BYTES[type], key);
    const { view } = this;
    switch (type) {
      case 'uint8':
        return view.getUint8(at);
      case 'int8':
        return view.getInt8(at);
      case 'uint16':
        return view.getUint16(at, true);
      case 'int16':
        return view.getInt16(at, true);
      case 'uint32':
        return view.getUint32(at, true);
      case 'int32':
        return view.getInt32(at, true);
      case 'float32':
        return view.getFloat32(at, true);
      case 'float64':
        return view.getFloat64(at, true);
      case 'uint64':
        return view.getBigUint64(at, true);
      case 'int64':
        return view.getBigInt64(at, true);
      case 'bool':
        return this.flag(view.getUint8(at), key);
      default:
        return type satisfies never;
    }
  }

  private flag(byte: number, key: string): boolean {
    if (byte <= 1) return byte === 1;
    throw new GgufInvalidError(this.where, `${byte} is neither true nor false`, { key });
  }

  private scalarType(typeId: number, key: string): GgufScalarType {
    const type = VALUE_TYPES[typeId];
    if (type) return type;
    throw new GgufInvalidError(this.where, `value type ${typeId} does not exist`, { key });
  }

  /** Passes over `length` bytes and gives where they begin. */
  private take(length: number, what: string): number {
    const begin = this.position;
    const end = begin + length;
    if (end > this.fileBytes) {
      throw new GgufInvalidError(this.where, `truncated: ${what} ends at byte ${end} of a file of ${this.fileBytes}`);
    }
    if (end > this.bytes.byteLength) throw new HeaderCutShort(end);
    this.position = end;
    return begin;
  }
}

const TYPED_ARRAYS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
} as const;
