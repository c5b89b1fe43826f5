/**
 * @file What every preference loss provides, and the table of all of them.
 *
 * A loss turns the log-probabilities of a pair into a margin Δ, and Δ into a base loss that is minimised. Its negative
 * is ℓ, the preference score that MetaAPO (arXiv 2509.23371) weighs and learns from.
 */
import type { GraphBuilder, Value } from '#ml/graph';
import { dpo } from './dpo.js';
import { ipoAverage } from './ipo-average.js';
import { ipo } from './ipo.js';
import type { PairLossReference } from './pair-loss.reference.js';
import { simpo } from './simpo.js';

export type LossKind = 'dpo' | 'ipo' | 'ipo_average' | 'simpo';

/** Constants of a loss. */
export interface LossSettings {
  /** In (0, ∞). */
  readonly beta: number;
  /** SimPO's target margin, in [0, ∞); other losses ignore it. */
  readonly gamma: number;
}

/** Log-probabilities of N pairs: sums over response tokens, or means for losses that average. */
export interface PairLogProbs {
  readonly policyChosen: Value<'N'>;
  readonly policyRejected: Value<'N'>;
  /** Of the reference; losses without one ignore both. */
  readonly referenceChosen?: Value<'N'> | undefined;
  readonly referenceRejected?: Value<'N'> | undefined;
}

export interface PairLoss {
  /** Whether Δ is taken relative to a reference policy. */
  readonly usesReference: boolean;
  /** Whether log-probabilities are means over response tokens instead of sums. */
  readonly averagesTokens: boolean;
  /** Δ of each pair. */
  readonly margin: (g: GraphBuilder, logProbs: PairLogProbs, settings: LossSettings) => Value<'N'>;
  /** The loss of each pair, to be minimised. */
  readonly base: (g: GraphBuilder, margin: Value<'N'>, settings: LossSettings) => Value<'N'>;
  /** The same in plain float64 numbers. */
  readonly reference: PairLossReference;
}

export const pairLosses: { readonly [Kind in LossKind]: PairLoss } = {
  dpo,
  ipo,
  ipo_average: ipoAverage,
  simpo,
};
