/** @file Float64 twin of dpo.ts. */
import { logSigmoidReference, sigmoidReference } from './log-sigmoid.reference.js';
import { referenceMarginReference } from './margin.reference.js';
import type { PairLossReference } from './pair-loss.reference.js';

export const dpoReference: PairLossReference = {
  margin: referenceMarginReference,
  // base = −log σ(βΔ)
  base: (margin, { beta }) => -logSigmoidReference(beta * margin),
  // ∂base/∂Δ = −β·σ(−βΔ)
  slope: (margin, { beta }) => -beta * sigmoidReference(-beta * margin),
};
