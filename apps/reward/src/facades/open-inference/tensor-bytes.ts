/**
 * @file Elements of tensors as raw bytes: numbers in little-endian order; of BYTES each element with its length before it,
 * a 32-bit number.
 */
import { TensorsInvalidError } from '../facade.errors.js';

const LENGTH_BYTES = 4;

/** @throws TensorsInvalidError (`TENSORS_INVALID`) unless the bytes are `count` whole elements */
export function readRawBytes(raw: Buffer, count: number, field: string): Buffer[] {
  const elements: Buffer[] = [];
  let at = 0;
  while (at < raw.length) {
    const start = at + LENGTH_BYTES;
    const end = start <= raw.length ? start + raw.readUInt32LE(at) : Infinity;
    if (end > raw.length) {
      throw new TensorsInvalidError(field, 'elements with their lengths', `one cut off at byte ${at}`);
    }
    elements.push(raw.subarray(start, end));
    if (elements.length > count) break;
    at = end;
  }
  if (elements.length === count) return elements;
  const got = elements.length > count ? 'more' : String(elements.length);
  throw new TensorsInvalidError(field, `${count} elements, as its shape says`, got);
}

export function rawBytes(elements: readonly Buffer[]): Buffer {
  return Buffer.concat(
    elements.flatMap((element) => {
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32LE(element.length);
      return [length, element];
    }),
  );
}

export function rawDoubles(values: readonly number[]): Buffer {
  const raw = Buffer.alloc(8 * values.length);
  values.forEach((value, index) => raw.writeDoubleLE(value, 8 * index));
  return raw;
}

export function rawFloats(values: readonly number[]): Buffer {
  const raw = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => raw.writeFloatLE(value, 4 * index));
  return raw;
}

export function rawLongs(values: readonly number[]): Buffer {
  const raw = Buffer.alloc(8 * values.length);
  values.forEach((value, index) => raw.writeBigInt64LE(BigInt(value), 8 * index));
  return raw;
}
