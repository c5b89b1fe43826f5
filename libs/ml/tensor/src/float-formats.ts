/**
 * @file Half-precision formats as bit patterns: binary16 (IEEE 754-2019, 3.6) and bfloat16 (the upper half of binary32).
 *
 * Widening is exact. Narrowing rounds to nearest, ties to even, as PyTorch does; values beyond the range become infinite.
 * `Math.f16round` would do the rounding, but not give the bits, and there is no such thing for bfloat16.
 */

const scratch = new DataView(new ArrayBuffer(4));

function bitsOf(value: number): number {
  scratch.setFloat32(0, value);
  return scratch.getUint32(0);
}

function floatOf(bits: number): number {
  scratch.setUint32(0, bits);
  return scratch.getFloat32(0);
}

/** Smallest positive subnormal of binary16. */
const F16_SUBNORMAL_UNIT = 2 ** -24;

/** The value of a binary16 bit pattern. */
export function f16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * F16_SUBNORMAL_UNIT;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}

/** The binary16 bit pattern nearest to a float32 value, ties to even. */
export function numberToF16(value: number): number {
  const bits = bitsOf(value);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  const absolute = floatOf(magnitude);
  // 65520 is halfway between the largest binary16 number and the next power of two: it rounds to infinity.
  if (absolute >= 65520) return sign | 0x7c00;
  if (absolute < 2 ** -14) return sign | roundHalfEven(absolute / F16_SUBNORMAL_UNIT); // a carry gives the first normal
  // Dropping 13 of 23 fraction bits; a carry out of the fraction rightly raises the exponent.
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded >>> 13) - ((127 - 15) << 10));
}

/** The value of a bfloat16 bit pattern. */
export function bf16ToNumber(bits: number): number {
  return floatOf((bits << 16) >>> 0);
}

/** The bfloat16 bit pattern nearest to a float32 value, ties to even. */
export function numberToBf16(value: number): number {
  const bits = bitsOf(value);
  if ((bits & 0x7fffffff) > 0x7f800000) return ((bits >>> 16) | 0x40) & 0xffff; // NaN stays NaN
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest > 0.5 || (rest === 0.5 && floor % 2 === 1)) return floor + 1;
  return floor;
}
