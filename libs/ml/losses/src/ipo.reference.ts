/** @file Float64 twin of ipo.ts and, given mean log-probabilities, of ipo-average.ts. */
import { referenceMarginReference } from './margin.reference.js';
import type { PairLossReference } from './pair-loss.reference.js';

export const ipoReference: PairLossReference = {
  margin: referenceMarginReference,
  // base = (Δ − 1/(2β))²
  base: (margin, { beta }) => (margin - 1 / (2 * beta)) ** 2,
  // ∂base/∂Δ = 2(Δ − 1/(2β))
  slope: (margin, { beta }) => 2 * (margin - 1 / (2 * beta)),
};
