/** @file Mutations of bytes: what disks, lines and liars do to a file. */
import type { Rng } from '#core';

/** Numbers at which readers break: limits of every width, and just beside them. */
const LIES = [
  0n,
  1n,
  7n,
  0x7fn,
  0xffn,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
];

type ByteMutation = (bytes: Buffer<ArrayBufferLike>, rng: Rng) => Buffer<ArrayBufferLike>;

const MUTATIONS: readonly ByteMutation[] = [
  function flipBit(bytes, rng) {
    const at = rng.below(bytes.length);
    bytes[at]! ^= 1 << rng.below(8);
    return bytes;
  },
  function setByte(bytes, rng) {
    bytes[rng.below(bytes.length)] = rng.below(256);
    return bytes;
  },
  function lieInLength(bytes, rng) {
    const at = rng.below(bytes.length);
    const lie = pick(rng, LIES);
    const width = pick(rng, [4, 8]);
    for (let i = 0; i < width && at + i < bytes.length; i++) bytes[at + i] = Number((lie >> BigInt(8 * i)) & 255n);
    return bytes;
  },
  function lieAtStart(bytes, rng) {
    const lie = pick(rng, LIES);
    for (let i = 0; i < 8 && i < bytes.length; i++) bytes[i] = Number((lie >> BigInt(8 * i)) & 255n);
    return bytes;
  },
  function truncate(bytes, rng) {
    return bytes.subarray(0, rng.below(bytes.length));
  },
  function extend(bytes, rng) {
    return Buffer.concat([bytes, Buffer.alloc(1 + rng.below(64), rng.below(256))]);
  },
  function cutOut(bytes, rng) {
    const at = rng.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + rng.below(16))]);
  },
  function repeat(bytes, rng) {
    const at = rng.below(bytes.length);
    const part = bytes.subarray(at, at + 1 + rng.below(64));
    return Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);
  },
  function blank(bytes, rng) {
    const at = rng.below(bytes.length);
    return bytes.fill(pick(rng, [0, 0xff, 0x7f]), at, Math.min(bytes.length, at + 1 + rng.below(16)));
  },
];

/** One to three mutations. Without `from`, anywhere; else only in the first bytes, where headers are. */
export function mutateBytes(original: Uint8Array, rng: Rng, headBytes = original.byteLength): Buffer {
  let head: Buffer<ArrayBufferLike> = Buffer.from(original.subarray(0, headBytes));
  for (let count = 1 + rng.below(3); count > 0 && head.length > 0; count--) head = pick(rng, MUTATIONS)(head, rng);
  return Buffer.concat([head, original.subarray(headBytes)]);
}

export function pick<T>(rng: Rng, items: readonly T[]): T {
  return items[rng.below(items.length)] as T;
}
