/** @file Float64 twin of margin.ts. */
import { present } from '#core';
import type { PairLogProbNumbers } from './pair-loss.reference.js';

/** Δ = [log π(y_w) − log π_ref(y_w)] − [log π(y_l) − log π_ref(y_l)]. */
export function referenceMarginReference(logProbs: PairLogProbNumbers): number {
  const referenceChosen = present(logProbs.referenceChosen, 'log-probability of the chosen response by the reference');
  const referenceRejected = present(logProbs.referenceRejected, 'log-probability of the rejected one by the reference');
  return logProbs.policyChosen - referenceChosen - (logProbs.policyRejected - referenceRejected);
}
