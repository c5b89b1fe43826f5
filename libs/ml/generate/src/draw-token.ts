/**
 * @file One token from one row of logits. Pure: the randomness is a number that the caller gives.
 */
import { keptDistribution, type Truncation } from './kept-distribution.js';
import { maximumLogit } from './log-sum-exp.js';

/**
 * Draws a token id. Temperature 0 is greedy, ties going to the lowest id; otherwise the token whose stretch of the
 * cumulative distribution, by ascending id, holds `uniform`.
 *
 * @param uniform in [0, 1)
 */
export function drawToken(logits: Float32Array, truncation: Truncation, uniform: number): number {
  const { temperature, topK, topP, minP = 0 } = truncation;
  if (temperature === 0) return logits.indexOf(maximumLogit(logits));
  if (topK === 0 && topP === 1 && minP === 0) return drawFromAll(logits, temperature, uniform);
  const { ids, probabilities } = keptDistribution(logits, truncation);
  let left = uniform;
  for (let i = 0; i < ids.length - 1; i++) {
    left -= probabilities[i]!;
    if (left < 0) return ids[i]!;
  }
  return ids[ids.length - 1]!;
}

/** As the general case without truncation, but without a copy of the distribution. */
function drawFromAll(logits: Float32Array, temperature: number, uniform: number): number {
  const maximum = maximumLogit(logits);
  let total = 0;
  for (let id = 0; id < logits.length; id++) total += Math.exp((logits[id]! - maximum) / temperature);
  let left = uniform * total;
  let last = 0;
  for (let id = 0; id < logits.length; id++) {
    const mass = Math.exp((logits[id]! - maximum) / temperature);
    if (mass === 0) continue;
    last = id;
    left -= mass;
    if (left < 0) return id;
  }
  return last;
}
