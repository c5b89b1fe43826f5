/**
 * @file Float64 twin of weighted-loss.ts and of its gradient with respect to the policy's log-probabilities
 * (MetaAPO, arXiv 2509.23371, eq. 5; for DPO the gradient is that of the paper's section on the policy update):
 *
 *   ∂L/∂log π(y_w off) = w·∂base/∂Δ        ∂L/∂log π(y_w on) = (1 − w)·∂base/∂Δ
 *
 * and the opposite sign for the rejected responses. w is a constant.
 */
import type { PairLogProbNumbers } from './pair-loss.reference.js';
import { pairLosses, type LossKind, type LossSettings } from './pair-loss.js';

export interface WeightedRow {
  readonly offline: PairLogProbNumbers;
  readonly online: PairLogProbNumbers;
  /** w, already computed. */
  readonly weight: number;
}

export interface WeightedRowResult {
  readonly ellOff: number;
  readonly ellOn: number;
  readonly loss: number;
  /** ∂loss/∂log π(chosen) of each pair; those of the rejected responses are the negatives. */
  readonly gradients: { readonly offlineChosen: number; readonly onlineChosen: number };
}

export function weightedLossReference(row: WeightedRow, kind: LossKind, settings: LossSettings): WeightedRowResult {
  const { margin, base, slope } = pairLosses[kind].reference;
  const offlineMargin = margin(row.offline, settings);
  const onlineMargin = margin(row.online, settings);
  const ellOff = -base(offlineMargin, settings);
  const ellOn = -base(onlineMargin, settings);
  return {
    ellOff,
    ellOn,
    loss: -(row.weight * ellOff + (1 - row.weight) * ellOn),
    gradients: {
      offlineChosen: row.weight * slope(offlineMargin, settings),
      onlineChosen: (1 - row.weight) * slope(onlineMargin, settings),
    },
  };
}
