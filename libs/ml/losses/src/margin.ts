/** @file The margin relative to a reference policy, which DPO and IPO share. */
import { present } from '#core';
import { expectAxes, type GraphBuilder, type Value } from '#ml/graph';
import type { PairLogProbs } from './pair-loss.js';

/** Δ = [log π(y_w) − log π_ref(y_w)] − [log π(y_l) − log π_ref(y_l)]. */
export function referenceMargin(g: GraphBuilder, logProbs: PairLogProbs): Value<'N'> {
  const scope = g.scope('margin');
  const referenceChosen = present(logProbs.referenceChosen, 'log-probability of the chosen response by the reference');
  const referenceRejected = present(logProbs.referenceRejected, 'log-probability of the rejected one by the reference');
  const chosen = scope.scope('chosen').sub(logProbs.policyChosen, referenceChosen);
  const rejected = scope.scope('rejected').sub(logProbs.policyRejected, referenceRejected);
  return expectAxes(scope.sub(chosen, rejected), 'N');
}
