/**
 * @file Stored blocks to float32, bit for bit as the `gguf` library does it (quants.py, 0.19.0). d, m: binary16 scales.
 *
 *   Q8_0  32:  d · q,  q int8                     Q4_K  256:  d·sc · q − m·mn,  q 4 bits, 8 sub-blocks of 32
 *   Q4_0  32:  d · (q − 8),  q 4 bits             Q5_K  256:  the same with 5 bits
 *   Q4_1  32:  d · q + m,  q 4 bits               Q6_K  256:  d·sc · (q − 32),  q 6 bits, 16 sub-blocks of 16
 *   Q5_0  32:  d · (q − 16),  q 5 bits
 *   Q5_1  32:  d · q + m,  q 5 bits
 *
 * The library rounds to float32 after each step. Products of a binary16 number, a scale of at most 8 bits and a q of at
 * most 8 bits fit the 24 bits of float32, so only a final sum ever rounds, and storing the float64 sum rounds it the same.
 */
import { bf16ToNumber, f16ToNumber } from '#ml/tensor';
import { GGML_TYPES, type GgmlType } from './ggml-types.js';

/** Writes the elements of the block that begins at `at` into `out` from `to` on. */
type BlockReader = (bytes: Uint8Array, at: number, out: Float32Array, to: number) => void;

const READERS: { readonly [T in GgmlType]?: BlockReader } = {
  F16: (bytes, at, out, to) => void (out[to] = half(bytes, at)),
  BF16: (bytes, at, out, to) => void (out[to] = bf16ToNumber(bytes[at]! | (bytes[at + 1]! << 8))),
  Q8_0: (bytes, at, out, to) => {
    const d = half(bytes, at);
    for (let i = 0; i < 32; i++) out[to + i] = d * int8(bytes[at + 2 + i]!);
  },
  Q4_0: (bytes, at, out, to) => {
    const d = half(bytes, at);
    for (let i = 0; i < 16; i++) {
      const byte = bytes[at + 2 + i]!;
      out[to + i] = d * ((byte & 0xf) - 8);
      out[to + i + 16] = d * ((byte >> 4) - 8);
    }
  },
  Q4_1: (bytes, at, out, to) => {
    const d = half(bytes, at);
    const m = half(bytes, at + 2);
    for (let i = 0; i < 16; i++) {
      const byte = bytes[at + 4 + i]!;
      out[to + i] = d * (byte & 0xf) + m;
      out[to + i + 16] = d * (byte >> 4) + m;
    }
  },
  Q5_0: (bytes, at, out, to) => {
    const d = half(bytes, at);
    const fifths = uint32(bytes, at + 2);
    for (let i = 0; i < 16; i++) {
      const byte = bytes[at + 6 + i]!;
      out[to + i] = d * (((byte & 0xf) | (((fifths >>> i) & 1) << 4)) - 16);
      out[to + i + 16] = d * (((byte >> 4) | (((fifths >>> (i + 16)) & 1) << 4)) - 16);
    }
  },
  Q5_1: (bytes, at, out, to) => {
    const d = half(bytes, at);
    const m = half(bytes, at + 2);
    const fifths = uint32(bytes, at + 4);
    for (let i = 0; i < 16; i++) {
      const byte = bytes[at + 8 + i]!;
      out[to + i] = d * ((byte & 0xf) | (((fifths >>> i) & 1) << 4)) + m;
      out[to + i + 16] = d * ((byte >> 4) | (((fifths >>> (i + 16)) & 1) << 4)) + m;
    }
  },
  Q4_K: (bytes, at, out, to) => {
    for (let sub = 0; sub < 8; sub++) {
      const scale = half(bytes, at) * sixBits(bytes, at + 4, sub, 0);
      const minimum = half(bytes, at + 2) * sixBits(bytes, at + 4, sub, 4);
      const shift = (sub & 1) * 4;
      const low = at + 16 + (sub >> 1) * 32;
      for (let i = 0; i < 32; i++) out[to + sub * 32 + i] = scale * ((bytes[low + i]! >> shift) & 0xf) - minimum;
    }
  },
  Q5_K: (bytes, at, out, to) => {
    for (let sub = 0; sub < 8; sub++) {
      const scale = half(bytes, at) * sixBits(bytes, at + 4, sub, 0);
      const minimum = half(bytes, at + 2) * sixBits(bytes, at + 4, sub, 4);
      const shift = (sub & 1) * 4;
      const low = at + 48 + (sub >> 1) * 32;
      for (let i = 0; i < 32; i++) {
        const fifth = ((bytes[at + 16 + i]! >> sub) & 1) << 4;
        out[to + sub * 32 + i] = scale * (((bytes[low + i]! >> shift) & 0xf) | fifth) - minimum;
      }
    }
  },
  // 128 bytes of low nibbles, 64 of high bit pairs, 16 int8 scales, d; each half of 128 elements by itself.
  Q6_K: (bytes, at, out, to) => {
    const d = half(bytes, at + 208);
    for (let element = 0; element < 256; element++) {
      const part = element >> 7;
      const group = (element >> 5) & 3;
      const i = element & 31;
      const low = (bytes[at + part * 64 + (group & 1) * 32 + i]! >> ((group >> 1) * 4)) & 0xf;
      const high = (bytes[at + 128 + part * 32 + i]! >> (group * 2)) & 3;
      const scale = d * int8(bytes[at + 192 + (element >> 4)]!);
      out[to + element] = scale * ((low | (high << 4)) - 32);
    }
  },
};

/** The types that `dequantise` reads, by name. */
export const READABLE_GGML_TYPES: readonly GgmlType[] = ['F32', ...(Object.keys(READERS) as GgmlType[])];

/** Reads whole blocks into `out` from `to` on. The type is one of `READABLE_GGML_TYPES`. */
export function dequantise(type: GgmlType, bytes: Uint8Array, out: Float32Array, to = 0): void {
  if (type === 'F32') {
    // Bytes into bytes: no float passes through a number, so that not even a NaN changes.
    new Uint8Array(out.buffer, out.byteOffset + to * 4, bytes.byteLength).set(bytes);
    return;
  }
  const read = READERS[type];
  if (!read) throw new TypeError(`${type} is not among ${READABLE_GGML_TYPES.join(', ')}`);
  const block = GGML_TYPES[type];
  for (let at = 0, element = to; at < bytes.byteLength; at += block.bytes, element += block.elements) {
    read(bytes, at, out, element);
  }
}

/** Scale (`from` 0) or minimum (`from` 4) of a sub-block: the first four lie whole, the others in two parts. */
function sixBits(bytes: Uint8Array, at: number, sub: number, from: 0 | 4): number {
  if (sub < 4) return bytes[at + from + sub]! & 0x3f;
  const rest = bytes[at + 8 + sub - 4]!;
  const low = from === 0 ? rest & 0xf : rest >> 4;
  return low | ((bytes[at + from + sub - 4]! >> 2) & 0x30);
}

/** All 65536 values of binary16, made on first use: the scales of a model are millions. */
let halves: Float32Array | undefined;

function half(bytes: Uint8Array, at: number): number {
  halves ??= Float32Array.from({ length: 0x10000 }, (_, pattern) => f16ToNumber(pattern));
  return halves[bytes[at]! | (bytes[at + 1]! << 8)]!;
}

function int8(byte: number): number {
  return (byte << 24) >> 24;
}

function uint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
