/** @file What runs inside a scoring thread: one function from a response to its score, with what names it. */
import type { Digest } from '#core';
import type { Score, ScoreRequest } from '../reward-backend.js';

export interface Scorer {
  /** Digest of the code and the lexicon. */
  readonly weightsDigest: Digest;
  readonly scoreMin?: number;
  readonly scoreMax?: number;
  /** Throws or rejects where there is no score. */
  score(request: ScoreRequest, signal: AbortSignal): Score | Promise<Score>;
}
