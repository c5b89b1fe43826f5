/**
 * @file DPO (Rafailov et al. 2023, arXiv 2305.18290, eq. 7).
 *
 *   base = −log σ(β·Δ)     Δ of summed log-ratios to the reference
 *
 * Differs from the paper: none.
 */
import { expectAxes } from '#ml/graph';
import { referenceMargin } from './margin.js';
import type { PairLoss } from './pair-loss.js';
import { dpoReference } from './dpo.reference.js';

export const dpo: PairLoss = {
  usesReference: true,
  averagesTokens: false,
  margin: referenceMargin,
  base: (g, margin, { beta }) => {
    const scope = g.scope('dpo');
    return expectAxes(scope.neg(scope.logSigmoid(scope.mul(margin, beta))), 'N');
  },
  reference: dpoReference,
};
