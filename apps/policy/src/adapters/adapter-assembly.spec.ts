import { deepEqual, equal, throws } from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { TensorChunk__Output } from '#contracts/policy';
import { digestOf, f32Tensor, systemClock } from '#core';
import { adapterDigest } from '#ml/adapters';
import { EventLoopShare } from '../units/event-loop-share.js';
import { AdapterAssembly } from './adapter-assembly.js';
import { digestInSlices } from './adapter-digest.js';
import type { AdapterHeader } from './adapter-header.js';

const HEADER: AdapterHeader = {
  digest: digestOf('any'),
  spec: { kind: 'full' },
  tensors: [
    { name: 'a', dims: [2, 2] },
    { name: 'b', dims: [3] },
  ],
};
const VALUES = Float32Array.of(1, 2, 3, 4, 5, 6, 7);
const BYTES = Buffer.from(VALUES.buffer);

/** Tensor `tensorIndex`'s bytes from `start` to `end`, as they travel. */
function chunk(tensorIndex: number, start: number, end: number): TensorChunk__Output {
  const base = tensorIndex === 0 ? 0 : 16;
  return { tensorIndex, offsetBytes: String(start), data: BYTES.subarray(base + start, base + end) };
}

function assembled(...chunks: TensorChunk__Output[]) {
  const assembly = new AdapterAssembly(HEADER);
  for (const piece of chunks) assembly.add(piece);
  return assembly.finish();
}

describe('adapter assembly', () => {
  it('gives the tensors back whatever the size and order of chunks', () => {
    const cuts = (bytes: number) =>
      fc.uniqueArray(fc.integer({ min: 1, max: bytes - 1 })).map((at) => at.sort((x, y) => x - y));
    const chunks = fc.tuple(cuts(16), cuts(12)).chain(([a, b]) => {
      const pieces = (index: number, bytes: number, at: number[]) =>
        [0, ...at].map((start, i) => chunk(index, start, at[i] ?? bytes));
      const all = [...pieces(0, 16, a), ...pieces(1, 12, b)];
      return fc.shuffledSubarray(all, { minLength: all.length });
    });
    fc.assert(
      fc.property(chunks, (pieces) => {
        const { tensors } = assembled(...pieces);
        deepEqual([...(tensors.get('a')?.data ?? [])], [1, 2, 3, 4]);
        deepEqual([...(tensors.get('b')?.data ?? [])], [5, 6, 7]);
      }),
    );
  });

  it('names bytes that are missing', () => {
    throws(() => assembled(chunk(0, 0, 8), chunk(1, 0, 12)), {
      code: 'ADAPTER_INVALID',
      message: /from 8 of tensor a/,
    });
    throws(() => assembled(chunk(0, 0, 16), chunk(1, 4, 12)), {
      code: 'ADAPTER_INVALID',
      message: /from 0 of tensor b/,
    });
  });

  it('names bytes that came twice', () => {
    throws(() => assembled(chunk(0, 0, 12), chunk(0, 8, 16), chunk(1, 0, 12)), {
      code: 'ADAPTER_INVALID',
      message: /from 8 of tensor a came twice/,
    });
  });

  it('refuses chunks outside of their tensor, of no tensor, and empty ones', () => {
    throws(() => assembled(chunk(1, 8, 16)), { code: 'ADAPTER_INVALID' });
    throws(() => assembled({ ...chunk(0, 0, 4), tensorIndex: 2 }), { code: 'ADAPTER_INVALID' });
    throws(() => assembled({ ...chunk(0, 0, 4), offsetBytes: '18446744073709551615' }), { code: 'ADAPTER_INVALID' });
    throws(() => assembled(chunk(0, 4, 4)), { code: 'ADAPTER_INVALID' });
  });
});

describe('adapter digest in slices', () => {
  it('equals the digest taken in one go', async () => {
    const tensors = new Map([
      ['b', f32Tensor([600_000], new Float32Array(600_000).fill(0.5))],
      ['a', f32Tensor([2, 1], Float32Array.of(1, -0))],
    ]);
    const adapter = { spec: { kind: 'full' }, tensors } as const;
    const share = new EventLoopShare(systemClock, new AbortController().signal);
    equal(await digestInSlices(adapter, share), adapterDigest(adapter));
  });
});
