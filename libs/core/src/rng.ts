/**
 * @file Random numbers that are a function of what they are for.
 *
 * Randomness is never a stream shared between decisions: each decision derives its own generator from a key, for
 * instance `(run seed, iteration, row id, sample index)`. So a draw is the same at any concurrency, on any number of
 * replicas and after any crash.
 *
 * Keys are hashed with SHA-256; the generator is xoshiro128** (Blackman and Vigna 2018, arXiv 1805.01407).
 */
import { createHash } from 'node:crypto';

/** A part of a key. Numbers and strings never collide: each part is written with its type and length. */
export type KeyPart = string | number | bigint;

function keyBytes(parts: readonly KeyPart[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) {
    const text = String(part);
    hash.update(`${typeof part === 'string' ? 's' : 'n'}${Buffer.byteLength(text)}:${text};`);
  }
  return hash.digest();
}

/** A uniform number in [0, 1) with 53 random bits, a pure function of the key. */
export function uniformOf(...key: readonly KeyPart[]): number {
  return Number(keyBytes(key).readBigUInt64BE(0) >> 11n) / 2 ** 53;
}

/** An unsigned 64-bit seed, a pure function of the key. */
export function seedOf(...key: readonly KeyPart[]): bigint {
  return keyBytes(key).readBigUInt64BE(0);
}

/** A seeded generator; equal keys give equal sequences. */
export class Rng {
  private readonly state: Uint32Array;

  constructor(...key: readonly KeyPart[]) {
    const bytes = keyBytes(key);
    this.state = Uint32Array.from([0, 4, 8, 12], (offset) => bytes.readUInt32LE(offset));
    if (this.state.every((word) => word === 0)) this.state[0] = 1;
  }

  /** An integer in [0, 2³²). */
  uint32(): number {
    const s = this.state; // read by index: destructuring would go through an iterator, five times slower
    const s0 = s[0]!;
    const s1 = s[1]!;
    const s2 = s[2]! ^ s0;
    const s3 = s[3]! ^ s1;
    s[0] = s0 ^ s3;
    s[1] = s1 ^ s2;
    s[2] = s2 ^ (s1 << 9);
    s[3] = rotateLeft(s3, 11);
    return Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
  }

  /** A number in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** An integer in [0, limit), unbiased. `limit` in [1, 2³²]. */
  below(limit: number): number {
    const reach = 2 ** 32 - (2 ** 32 % limit);
    for (;;) {
      const word = this.uint32();
      if (word < reach) return word % limit;
    }
  }

  /** A standard normal number (Box and Muller; one of the pair is dropped, so that draws stay independent of history). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** A shuffled copy (Fisher and Yates). */
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [result[i], result[j]] = [result[j]!, result[i]!];
    }
    return result;
  }
}

function rotateLeft(word: number, bits: number): number {
  return ((word << bits) | (word >>> (32 - bits))) >>> 0;
}
