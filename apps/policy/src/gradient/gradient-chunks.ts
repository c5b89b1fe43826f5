/**
 * @file Gradient tensors as the pieces that travel.
 *
 * Pieces are views of the tensors' memory: nothing is copied until a message is encoded, and the next message is
 * encoded only when the caller has taken the last one.
 */
import type { ComputeGradientResponse } from '#contracts/policy';
import { assert, type F32Tensor } from '#core';

/** Large enough that messages cost little, small enough that encoding one does not hold the event loop up. */
export const CHUNK_BYTES_MAX = 2 ** 20;

/** The tensors' pieces in order; `tensorIndex` counts in the order of the map. */
export function* gradientChunks(
  tensors: ReadonlyMap<string, F32Tensor>,
  chunkBytesMax = CHUNK_BYTES_MAX,
): Generator<ComputeGradientResponse> {
  assert(IS_LITTLE_ENDIAN, 'float32 arrays have the byte order of the wire');
  let tensorIndex = 0;
  for (const { data } of tensors.values()) {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    for (let offsetBytes = 0; offsetBytes < bytes.length; offsetBytes += chunkBytesMax) {
      const piece = bytes.subarray(offsetBytes, offsetBytes + chunkBytesMax);
      yield { chunk: { tensorIndex, offsetBytes, data: piece } };
    }
    tensorIndex += 1;
  }
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
