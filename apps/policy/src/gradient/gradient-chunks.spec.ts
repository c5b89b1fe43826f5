import { deepEqual, equal } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { f32Tensor } from '#core';
import { CHUNK_BYTES_MAX, gradientChunks } from './gradient-chunks.js';

describe('gradient chunks', () => {
  it('cover every byte of every tensor once, in order, within the limit', () => {
    const tensors = new Map([
      ['a', f32Tensor([5], Float32Array.of(1, 2, 3, 4, 5))],
      ['b', f32Tensor([1], Float32Array.of(6))],
    ]);
    const pieces = [...gradientChunks(tensors, 8)].map(
      ({ chunk }) => chunk as { tensorIndex: number; offsetBytes: number; data: Buffer },
    );
    deepEqual(
      pieces.map((piece) => [piece.tensorIndex, piece.offsetBytes, piece.data.length]),
      [
        [0, 0, 8],
        [0, 8, 8],
        [0, 16, 4],
        [1, 0, 4],
      ],
    );
    const bytes = Buffer.concat(pieces.map((piece) => piece.data));
    deepEqual([...new Float32Array(Uint8Array.from(bytes).buffer)], [1, 2, 3, 4, 5, 6]);
  });

  it('are at most 1 MiB by default', () => equal(CHUNK_BYTES_MAX, 2 ** 20));
});
