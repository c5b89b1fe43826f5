/** @file Float64 twin of simpo.ts. */
import { dpoReference } from './dpo.reference.js';
import type { PairLossReference } from './pair-loss.reference.js';

export const simpoReference: PairLossReference = {
  ...dpoReference,
  // Δ = mean log π(y_w) − mean log π(y_l) − γ/β
  margin: ({ policyChosen, policyRejected }, { beta, gamma }) => policyChosen - policyRejected - gamma / beta,
};
