/** @file Logits of every position of given sequences. */
import { BATCH_TOKENS_MAX, microBatches } from '../batching/micro-batches.js';
import type { Sequence } from '../batching/sequence.js';
import { sequenceBatch } from '../batching/sequence-batch.js';
import type { TokenSequence } from '../policy-engine.js';
import type { PrefillProgram } from '../programs/prefill-program.js';
import type { WeightSet } from '../programs/weights.js';

/** [T, V] per sequence. */
export async function logitsOf(
  program: PrefillProgram,
  weights: WeightSet,
  sequences: readonly TokenSequence[],
  vocabularySize: number,
): Promise<Float32Array[]> {
  const result: Float32Array[] = [];
  for (const group of microBatches(sequences.map(everyPosition), (sequence) => [sequence], BATCH_TOKENS_MAX)) {
    const logits = await program.logits(weights, sequenceBatch(group));
    let start = 0;
    for (const { tokenIds } of group) {
      const end = start + tokenIds.length * vocabularySize;
      result.push(logits.slice(start, end));
      start = end;
    }
  }
  return result;
}

/** A sequence with every token as one that predicts; what it predicts is not looked at. */
function everyPosition(tokenIds: TokenSequence): Sequence {
  return {
    tokenIds,
    positions: tokenIds.map((_, position) => position),
    branches: tokenIds.map(() => 0),
    targets: tokenIds.map((tokenId, from) => ({ from, tokenId, responseIndex: 0 })),
  };
}
