/**
 * @file Whole arrays between float32 and the half-precision formats, and the search for values that are no numbers.
 *
 * A model has hundreds of millions of elements, so these loops work on bit patterns and allocate nothing; what one
 * element means is written down in `float-formats.ts`.
 */
import { assert } from '#core';
import { bf16BitsOf, f16BitsOf, f16ToNumber } from './float-formats.js';

/** All 65536 values of binary16, made on first use: 256 KiB. */
let f16Values: Float32Array | undefined;

/** Widens binary16 patterns; exact. */
export function widenF16(bits: Uint16Array, out: Float32Array): void {
  assert(bits.length === out.length, `${bits.length} patterns for ${out.length} places`);
  f16Values ??= Float32Array.from({ length: 0x10000 }, (_, pattern) => f16ToNumber(pattern));
  for (let i = 0; i < bits.length; i++) out[i] = f16Values[bits[i]!]!;
}

/** Widens bfloat16 patterns; exact. */
export function widenBf16(bits: Uint16Array, out: Float32Array): void {
  assert(bits.length === out.length, `${bits.length} patterns for ${out.length} places`);
  const patterns = patternsOf(out);
  for (let i = 0; i < bits.length; i++) patterns[i] = bits[i]! << 16;
}

/** Narrows to binary16 patterns, to nearest, ties to even. */
export function narrowF16(values: Float32Array, out: Uint16Array): void {
  assert(values.length === out.length, `${values.length} values for ${out.length} places`);
  const patterns = patternsOf(values);
  for (let i = 0; i < patterns.length; i++) out[i] = f16BitsOf(patterns[i]!);
}

/** Narrows to bfloat16 patterns, to nearest, ties to even. */
export function narrowBf16(values: Float32Array, out: Uint16Array): void {
  assert(values.length === out.length, `${values.length} values for ${out.length} places`);
  const patterns = patternsOf(values);
  for (let i = 0; i < patterns.length; i++) out[i] = bf16BitsOf(patterns[i]!);
}

const EXPONENT = 0x7f800000;

/** Index of the first NaN or infinity, or −1. */
export function indexOfNotFinite(values: Float32Array): number {
  const patterns = patternsOf(values);
  for (let i = 0; i < patterns.length; i++) if ((patterns[i]! & EXPONENT) === EXPONENT) return i;
  return -1;
}

function patternsOf({ buffer, byteOffset, length }: Float32Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length);
}
