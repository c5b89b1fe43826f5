/**
 * @file SimPO (Meng et al. 2024, arXiv 2405.14734, eq. 6).
 *
 *   base = −log σ(β·Δ)     Δ = mean log π(y_w) − mean log π(y_l) − γ/β
 *
 * so the argument is β times the difference of means, less γ. There is no reference policy.
 *
 * Differs from the paper: none; Δ holds the target margin, so that the preference score has it too.
 */
import { expectAxes } from '#ml/graph';
import type { PairLoss } from './pair-loss.js';
import { simpoReference } from './simpo.reference.js';

export const simpo: PairLoss = {
  usesReference: false,
  averagesTokens: true,
  margin: (g, { policyChosen, policyRejected }, { beta, gamma }) => {
    const scope = g.scope('margin');
    const difference = scope.scope('difference').sub(policyChosen, policyRejected);
    return expectAxes(scope.sub(difference, gamma / beta), 'N');
  },
  base: (g, margin, { beta }) => {
    const scope = g.scope('simpo');
    return expectAxes(scope.neg(scope.logSigmoid(scope.mul(margin, beta))), 'N');
  },
  reference: simpoReference,
};
