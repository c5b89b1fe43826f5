/**
 * @file Sequences side by side, padded at the end, in the form that graphs read.
 *
 * Padding is harmless: no real token sees it, and what it computes is gathered by nobody.
 */
import { present } from '#core';
import { MASKED } from '#ml/nn';
import { sees, type Sequence } from './sequence.js';

export interface SequenceBatch {
  /** B */
  readonly sequenceCount: number;
  /** T: length of the longest, or more. */
  readonly length: number;
  /** Without padding. */
  readonly tokenCount: number;
  /** Rows that the position tables need: ONNX Runtime wants as many as a sequence has tokens, whatever its positions. */
  readonly positionCount: number;
  /** [B, T] */
  readonly ids: BigInt64Array;
  /** [B, T] */
  readonly positions: BigInt64Array;
  /** [B, 1, 1, T, T] */
  readonly mask: Float32Array;
  /** For masks of other layers. */
  readonly sequences: readonly Sequence[];
  /** [M]: b·T + t of each token that predicts one. */
  readonly rows: BigInt64Array;
  /** [M]: the predicted tokens. */
  readonly targets: BigInt64Array;
  /** [M]: the response that each belongs to. */
  readonly responseIndices: readonly number[];
}

/** @param lengthMin pads all of them to it, where they are shorter */
export function sequenceBatch(sequences: readonly Sequence[], lengthMin = 0): SequenceBatch {
  const sequenceCount = sequences.length;
  const length = Math.max(lengthMin, ...sequences.map(({ tokenIds }) => tokenIds.length));
  const ids = new BigInt64Array(sequenceCount * length);
  const positions = new BigInt64Array(sequenceCount * length);
  sequences.forEach((sequence, b) => {
    sequence.tokenIds.forEach((id, t) => (ids[b * length + t] = BigInt(id)));
    sequence.positions.forEach((position, t) => (positions[b * length + t] = BigInt(position)));
  });
  const targets = sequences.flatMap((sequence, b) => sequence.targets.map((target) => ({ ...target, b })));
  return {
    sequenceCount,
    length,
    tokenCount: sequences.reduce((count, { tokenIds }) => count + tokenIds.length, 0),
    positionCount: Math.max(length, 1 + Math.max(...sequences.map(({ positions: own }) => Math.max(...own)))),
    ids,
    positions,
    mask: attentionMask(sequences, length),
    sequences,
    rows: BigInt64Array.from(targets, ({ b, from }) => BigInt(b * length + from)),
    targets: BigInt64Array.from(targets, ({ tokenId }) => BigInt(tokenId)),
    responseIndices: targets.map(({ responseIndex }) => responseIndex),
  };
}

/** Those of a window: a key counts by its position's distance, whatever lies between in the tree. */
export function slidingMask(batch: SequenceBatch, window: number): Float32Array {
  const { sequences, length } = batch;
  const mask = batch.mask.slice();
  sequences.forEach(({ positions }, b) => {
    for (let query = 0; query < positions.length; query++) {
      const row = (b * length + query) * length;
      for (let key = 0; key < query; key++) if (positions[query]! - positions[key]! >= window) mask[row + key] = MASKED;
    }
  });
  return mask;
}

/** [B, 1, 1, T, T]; a padding token sees itself alone. */
export function attentionMask(sequences: readonly Pick<Sequence, 'branches'>[], length: number): Float32Array {
  const mask = new Float32Array(sequences.length * length * length).fill(MASKED);
  for (let b = 0; b < sequences.length; b++) {
    const { branches } = present(sequences[b], `sequence ${b}`);
    for (let query = 0; query < length; query++) {
      const row = (b * length + query) * length;
      mask[row + query] = 0;
      if (query >= branches.length) continue;
      for (let key = 0; key < query; key++) if (sees(branches, query, key)) mask[row + key] = 0;
    }
  }
  return mask;
}
