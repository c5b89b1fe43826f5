/**
 * @file From log-probabilities of a pair to Δ, ℓ and s: what the gate sees before any training step.
 *
 * Margin, loss and meta-learner input are the losses' own, one definition for gate, loss and meta update: the authors'
 * release leaves β out of the meta-learner's input in some places and not in others.
 *
 *   ℓ = −base loss(Δ),   s = log σ(input_beta · Δ)
 *
 * Source: arXiv 2509.23371, section 3.
 */
import { metaInputReference, pairLosses } from '#ml/losses';
import type { Objective, ResponseLogProbs } from '../ports/policy-port.js';

export interface PairScore {
  readonly delta: number;
  /** Preference score: minus the base loss of the pair. */
  readonly ell: number;
  /** The meta-learner's input. */
  readonly score: number;
}

/** True for losses that compare with a reference policy. */
export function usesReference({ loss }: Objective): boolean {
  return pairLosses[loss].usesReference;
}

/** Log-probabilities are under [policy, reference], or [policy] alone where the loss has no reference. */
export function pairScore(chosen: ResponseLogProbs, rejected: ResponseLogProbs, objective: Objective): PairScore {
  const [policyChosen = Number.NaN, referenceChosen] = valuesOf(chosen, objective);
  const [policyRejected = Number.NaN, referenceRejected] = valuesOf(rejected, objective);
  const { margin, base } = pairLosses[objective.loss].reference;
  const delta = margin({ policyChosen, policyRejected, referenceChosen, referenceRejected }, objective);
  return { delta, ell: -base(delta, objective), score: metaInputReference(delta, objective.inputBeta) };
}

/** Sums over tokens, or means for losses that average. */
function valuesOf({ sums, tokenCount }: ResponseLogProbs, { loss }: Objective): readonly number[] {
  return pairLosses[loss].averagesTokens ? sums.map((sum) => sum / tokenCount) : sums;
}
