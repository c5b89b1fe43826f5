/**
 * @file log Σ exp(x), in float64 and shifted by the maximum, so that neither end of float32 is lost.
 *
 *   log Σᵢ exp(xᵢ) = m + log Σᵢ exp(xᵢ − m),   m = max x
 */
import { fastExp } from './fast-exp.js';
import { LogitsNotFiniteError } from './generate.errors.js';

/** The largest logit. @throws LogitsNotFiniteError where a logit is NaN or +∞, or none is finite. */
export function maximumLogit(logits: Float32Array): number {
  let maximum = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id]!;
    if (logit > maximum) maximum = logit;
    else if (Number.isNaN(logit)) throw new LogitsNotFiniteError(id, logit);
  }
  if (!Number.isFinite(maximum)) throw new LogitsNotFiniteError(logits.indexOf(maximum), maximum);
  return maximum;
}

/** log Σ exp(logits). */
export function logSumExp(logits: Float32Array): number {
  const maximum = maximumLogit(logits);
  let sum = 0;
  for (let id = 0; id < logits.length; id++) sum += fastExp(logits[id]! - maximum);
  return maximum + Math.log(sum);
}

/** Natural-log probability of one token under the whole softmax: temperature 1, no truncation. */
export function logProbOf(logits: Float32Array, tokenId: number): number {
  return logits[tokenId]! - logSumExp(logits);
}
