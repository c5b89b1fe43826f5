/**
 * @file Gates that need no meta-learner. Draws are the meta-learner's own, hash(seed, iteration, row id), so that two
 * gates of equal weight decide alike.
 */
import { uniformOf } from '#core';
import { sigmoidReference } from '#ml/losses';
import type { GateDecision } from '../ports/meta-learner-port.js';

export type LocalGate =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | { readonly kind: 'sigmoid' }
  | { readonly kind: 'random'; readonly ratio: number }
  | { readonly kind: 'threshold'; readonly threshold: number };

export interface GateRow {
  readonly itemId: string;
  /** s of the offline pair. */
  readonly score: number;
}

/** The decision for one row; `weight` is the probability of not sampling where the gate draws, else 0 or 1. */
export function decideLocally(
  gate: LocalGate,
  { itemId, score }: GateRow,
  { seed, iteration }: { readonly seed: number; readonly iteration: number },
): GateDecision {
  const draw = uniformOf(seed, iteration, itemId);
  const weight = weightOf(gate, score);
  const certain = gate.kind === 'all' || gate.kind === 'none' || gate.kind === 'threshold';
  return { weight, draw, sampled: certain ? weight === 0 : draw > weight };
}

function weightOf(gate: LocalGate, score: number): number {
  switch (gate.kind) {
    case 'all':
      return 0;
    case 'none':
      return 1;
    case 'sigmoid':
      return sigmoidReference(score);
    case 'random':
      return 1 - gate.ratio;
    case 'threshold':
      return score < gate.threshold ? 0 : 1;
    default:
      return gate satisfies never;
  }
}
