/**
 * @file One token from one row of logits. Pure: the randomness is a number that the caller gives.
 */
import { present } from '#core';
import { fastExp } from './fast-exp.js';
import { keptDistribution, type Truncation } from './kept-distribution.js';
import { logProbOf, maximumLogit } from './log-sum-exp.js';

export interface Draw {
  readonly tokenId: number;
  /** Natural log, under the whole softmax: temperature 1, no truncation. */
  readonly logProb: number;
}

/**
 * Draws a token. Temperature 0 is greedy, ties going to the lowest id; otherwise the token whose stretch of the
 * cumulative distribution, by ascending id, holds `uniform`.
 *
 * @param uniform in [0, 1)
 */
export function drawToken(logits: Float32Array, truncation: Truncation, uniform: number): Draw {
  const { temperature, topK, topP, minP = 0 } = truncation;
  const plain = topK === 0 && topP === 1 && minP === 0;
  if (temperature > 0 && plain) return drawFromSoftmax(logits, uniform, temperature);
  const tokenId =
    temperature === 0
      ? logits.indexOf(maximumLogit(logits))
      : drawFromKept(keptDistribution(logits, truncation), uniform);
  return { tokenId, logProb: logProbOf(logits, tokenId) };
}

function drawFromKept({ ids, probabilities }: ReturnType<typeof keptDistribution>, uniform: number): number {
  let left = uniform;
  for (let i = 0; i < ids.length - 1; i++) {
    left -= probabilities[i]!;
    if (left < 0) return ids[i]!;
  }
  return present(ids[ids.length - 1], 'a kept token');
}

/** Tokens whose masses are summed together in `drawFromSoftmax`. */
const BLOCK = 256;

/**
 * The most frequent case, with one exponential per token: masses are summed block by block, the block that holds the
 * draw is found by its sum, and only that block is gone through again.
 */
function drawFromSoftmax(logits: Float32Array, uniform: number, temperature: number): Draw {
  const maximum = maximumLogit(logits);
  const blocks = new Float64Array(Math.ceil(logits.length / BLOCK));
  let total = 0;
  for (let block = 0; block < blocks.length; block++) {
    const end = Math.min(logits.length, (block + 1) * BLOCK);
    let mass = 0;
    for (let id = block * BLOCK; id < end; id++) mass += fastExp((logits[id]! - maximum) / temperature);
    blocks[block] = mass;
    total += mass;
  }
  let left = uniform * total;
  let block = 0;
  while (block < blocks.length - 1 && left >= blocks[block]!) left -= blocks[block++]!;
  const tokenId = drawWithin(logits, { first: block * BLOCK, maximum, temperature, left });
  const logProb = temperature === 1 ? logits[tokenId]! - maximum - Math.log(total) : logProbOf(logits, tokenId);
  return { tokenId, logProb };
}

/** The token of a block that holds the draw; where rounding leaves none, the last one that has any mass. */
function drawWithin(
  logits: Float32Array,
  at: { first: number; maximum: number; temperature: number; left: number },
): number {
  let { left } = at;
  let last = -1;
  const end = Math.min(logits.length, at.first + BLOCK);
  for (let id = at.first; id < end; id++) {
    const mass = fastExp((logits[id]! - at.maximum) / at.temperature);
    if (mass === 0) continue;
    last = id;
    left -= mass;
    if (left < 0) return id;
  }
  return last >= 0 ? last : logits.indexOf(at.maximum);
}
