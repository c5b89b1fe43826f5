/** @file Float64 twin of pair-loss.ts: for tests, and for whoever needs ℓ and s of known log-probabilities. */
import type { LossSettings } from './pair-loss.js';

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
