/**
 * @file Half-precision formats as bit patterns: binary16 (IEEE 754-2019, 3.6) and bfloat16 (the upper half of binary32).
 *
 * Widening is exact. Narrowing rounds to nearest, ties to even, as PyTorch does; values beyond the range become infinite.
 * `Math.f16round` would do the rounding, but not give the bits, and there is no such thing for bfloat16.
 */

const scratchFloat = new Float32Array(1);
const scratchBits = new Uint32Array(scratchFloat.buffer);

function bitsOf(value: number): number {
  scratchFloat[0] = value;
  return scratchBits[0]!;
}

/** Smallest positive subnormal of binary16. */
const F16_SUBNORMAL_UNIT = 2 ** -24;

/** binary32 patterns: infinity; 65520, from which binary16 rounds to infinity; 2⁻¹⁴, its smallest normal number. */
const INFINITY = 0x7f800000;
const F16_OVERFLOW = 0x477ff000;
const F16_NORMAL_MIN = 0x38800000;
/** binary32 exponent below which everything rounds to zero in binary16: 2⁻²⁵ itself is a tie, and zero is even. */
const F16_ZERO_EXPONENT = 102;

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
  return f16BitsOf(bitsOf(value));
}

/** The value of a bfloat16 bit pattern. */
export function bf16ToNumber(bits: number): number {
  scratchBits[0] = bits << 16;
  return scratchFloat[0]!;
}

/** The bfloat16 bit pattern nearest to a float32 value, ties to even. */
export function numberToBf16(value: number): number {
  return bf16BitsOf(bitsOf(value));
}

/** From a binary32 pattern to the nearest binary16 one. */
export function f16BitsOf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > INFINITY) return sign | 0x7e00; // NaN
  if (magnitude >= F16_OVERFLOW) return sign | 0x7c00;
  if (magnitude >= F16_NORMAL_MIN) {
    // Dropping 13 of 23 fraction bits; a carry out of the fraction rightly raises the exponent.
    const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
    return sign | ((rounded >>> 13) - ((127 - 15) << 10));
  }
  const exponent = magnitude >>> 23;
  if (exponent < F16_ZERO_EXPONENT) return sign;
  const significand = (magnitude & 0x7fffff) | 0x800000;
  const dropped = 126 - exponent;
  const rest = significand & ((1 << dropped) - 1);
  const half = 1 << (dropped - 1);
  const kept = significand >>> dropped;
  return sign | (rest > half || (rest === half && kept & 1) ? kept + 1 : kept); // a carry gives the first normal
}

/** From a binary32 pattern to the nearest bfloat16 one. */
export function bf16BitsOf(bits: number): number {
  if ((bits & 0x7fffffff) > INFINITY) return ((bits >>> 16) | 0x40) & 0xffff; // NaN stays NaN
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}
