/**
 * @file The gate: which prompts deserve fresh responses.
 *
 *   w = h_φ(s)        u = hash(run seed, iteration, item id) ∈ [0, 1)        sampled ⇔ u > w
 *
 * So a prompt is sampled with probability 1 − w, and the draw is the same whatever stands beside it in the request, on any
 * replica, after any crash.
 * Source: arXiv 2509.23371, section 3. Differs from the paper: the draw is a hash, not a stream.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { uniformOf, type AppError } from '#core';
import { ScoreNotFiniteError, ScoreOutOfRangeError } from './meta-learner.errors.js';
import type { MetaLearner } from './meta-learner.js';

export interface GateItem {
  /** Row id; the draw depends on it. */
  readonly itemId: string;
  /** s, in (−∞, 0]. */
  readonly score: number;
}

export interface GateDecision {
  readonly itemId: string;
  /** w, probability of not sampling, in (0, 1). */
  readonly weight: number;
  /** u, in [0, 1). */
  readonly draw: number;
  readonly sampled: boolean;
}

/** A decision, or why there is none. */
export type GateOutcome =
  | { readonly ok: true; readonly decision: GateDecision }
  | { readonly ok: false; readonly itemId: string; readonly error: AppError };

export interface GateKey {
  readonly seed: bigint;
  readonly iteration: number;
}

/** Elements of the hidden layer computed in one go, so that other calls get their turn: a few milliseconds' worth. */
const CHUNK_ELEMENTS = 2 ** 16;

/** Decides for every item; an item with a bad score fails alone. */
export async function gate(
  learner: MetaLearner,
  items: readonly GateItem[],
  { seed, iteration }: GateKey,
  signal?: AbortSignal,
): Promise<GateOutcome[]> {
  const weights = await weightsInChunks(
    learner,
    items.map(({ score }) => score),
    signal,
  );
  return items.map(({ itemId, score }, index) => {
    const error = scoreProblem(itemId, score);
    if (error) return { ok: false, itemId, error };
    const weight = weights[index]!;
    const draw = uniformOf(seed, iteration, itemId);
    return { ok: true, decision: { itemId, weight, draw, sampled: draw > weight } };
  });
}

function scoreProblem(itemId: string, score: number): AppError | undefined {
  if (!Number.isFinite(score)) return new ScoreNotFiniteError(itemId, score);
  return score > 0 ? new ScoreOutOfRangeError(itemId, score) : undefined;
}

async function weightsInChunks(learner: MetaLearner, scores: number[], signal?: AbortSignal): Promise<Float32Array> {
  const rowsPerChunk = Math.max(1, Math.floor(CHUNK_ELEMENTS / learner.state.settings.hiddenWidth));
  const weights = new Float32Array(scores.length);
  for (let start = 0; start < scores.length; start += rowsPerChunk) {
    signal?.throwIfAborted();
    if (start > 0) await nextTurn();
    weights.set(learner.weights(Float32Array.from(scores.slice(start, start + rowsPerChunk))), start);
  }
  return weights;
}
