/**
 * @file How a unit is cut into the batches that go through the model, one after the other.
 *
 * Only the unit's own composition decides: groups stay in order, and a batch takes groups while the padded tokens
 * (sequences × longest) stay within the budget. So the same unit gives the same bits whatever else is going on.
 */
import { DTYPE_BYTES } from '#core';
import type { ModelConfig } from '#ml/checkpoint';
import type { Sequence } from './sequence.js';

/** 512 to 1024 tokens use the processor best; beyond that activations leave its cache. */
export const BATCH_TOKENS_MAX = 1024;

/** Memory for what the forward pass of a gradient keeps for its backward pass. */
const ACTIVATION_BYTES_MAX = 640 * 2 ** 20;
/** Numbers that a layer keeps per token, in multiples of its widths: counted on the Llama graph (`programs/kept-values.ts`). */
const KEPT_PER_TOKEN = { hidden: 5, feedForward: 2 };
/** Attention keeps a number per head and token that is seen: sequences are taken to be about this long. */
const TOKENS_SEEN = 512;
const GRADIENT_TOKENS_MIN = 256;

/** Padded tokens of a gradient's micro-batch: fewer for models whose activations would fill the memory. */
export function gradientTokensMax(
  config: Pick<ModelConfig, 'layerCount' | 'hiddenSize' | 'feedForwardSize' | 'headCount'>,
): number {
  const { layerCount, hiddenSize, feedForwardSize, headCount } = config;
  const { hidden, feedForward } = KEPT_PER_TOKEN;
  const perLayer = hidden * hiddenSize + feedForward * feedForwardSize + headCount * TOKENS_SEEN;
  const tokens = Math.floor(ACTIVATION_BYTES_MAX / (DTYPE_BYTES.f32 * layerCount * perLayer));
  return Math.min(BATCH_TOKENS_MAX, Math.max(GRADIENT_TOKENS_MIN, tokens));
}

/** A row in one piece is a third cheaper than in parts, which is worth half as much memory again. */
const WHOLE_ROW_FACTOR = 1.5;

/** Tokens of the longest row whose gradient is taken in one piece. */
export function wholeRowTokensMax(config: Parameters<typeof gradientTokensMax>[0]): number {
  return Math.min(BATCH_TOKENS_MAX, Math.floor(WHOLE_ROW_FACTOR * gradientTokensMax(config)));
}

/** Cuts a list of groups; the sequences of one group stay together, and a group beyond the budget is a batch alone. */
export function microBatches<Group>(
  groups: readonly Group[],
  sequencesOfGroup: (group: Group) => readonly Sequence[],
  tokensMax: number,
): Group[][] {
  const batches: Group[][] = [];
  let batch: Group[] = [];
  let count = 0;
  let longest = 0;
  for (const group of groups) {
    const sequences = sequencesOfGroup(group);
    const nextCount = count + sequences.length;
    const nextLongest = sequences.reduce((length, { tokenIds }) => Math.max(length, tokenIds.length), longest);
    if (batch.length > 0 && nextCount * nextLongest > tokensMax) {
      batches.push(batch);
      batch = [];
      count = 0;
      longest = 0;
    }
    batch.push(group);
    count += sequences.length;
    longest = sequences.reduce((length, { tokenIds }) => Math.max(length, tokenIds.length), longest);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
