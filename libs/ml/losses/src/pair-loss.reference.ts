/** @file Float64 twin of pair-loss.ts: for tests, and for whoever needs ℓ and s of known log-probabilities. */
import { dpoReference } from './dpo.reference.js';
import { ipoReference } from './ipo.reference.js';
import type { LossKind, LossSettings } from './pair-loss.js';
import { simpoReference } from './simpo.reference.js';

/** Log-probabilities of one pair: sums over response tokens, or means for losses that average. */
export interface PairLogProbNumbers {
  readonly policyChosen: number;
  readonly policyRejected: number;
  /** Of the reference; losses without one ignore both. */
  readonly referenceChosen?: number | undefined;
  readonly referenceRejected?: number | undefined;
}

export interface PairLossReference {
  /** Δ. */
  readonly margin: (logProbs: PairLogProbNumbers, settings: LossSettings) => number;
  /** The loss of a pair with margin Δ, to be minimised. */
  readonly base: (margin: number, settings: LossSettings) => number;
  /** ∂base/∂Δ. */
  readonly slope: (margin: number, settings: LossSettings) => number;
}

export const pairLossReferences: { readonly [Kind in LossKind]: PairLossReference } = {
  dpo: dpoReference,
  ipo: ipoReference,
  ipo_average: ipoReference,
  simpo: simpoReference,
};
