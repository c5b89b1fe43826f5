/**
 * @file IPO (Azar et al. 2023, arXiv 2310.12036, eq. 17).
 *
 *   base = (Δ − 1/(2β))²     Δ of summed log-ratios to the reference; β is the paper's τ
 *
 * Differs from the paper: none.
 */
import { expectAxes } from '#ml/graph';
import { referenceMargin } from './margin.js';
import type { PairLoss } from './pair-loss.js';
import { ipoReference } from './ipo.reference.js';

export const ipo: PairLoss = {
  usesReference: true,
  averagesTokens: false,
  margin: referenceMargin,
  base: (g, margin, { beta }) => {
    const scope = g.scope('ipo');
    const distance = scope.sub(margin, 1 / (2 * beta));
    return expectAxes(scope.mul(distance, distance), 'N');
  },
  reference: ipoReference,
};
