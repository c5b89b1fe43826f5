/**
 * @file The meta-weighted preference loss as a graph (MetaAPO, arXiv 2509.23371, Eq. 5), behind the log-probabilities of responses.
 *
 *   log π of each response [N] ─ Δ ─┬─ ℓ_off, ℓ_on ─┐
 *                                   └─ s ─ h_φ ─ w ─┴─ L = −Σ w ℓ_off + (1 − w) ℓ_on
 *
 * N counts rows. A row without a pair has zeros there and a weight that cancels it.
 */
import { present } from '#core';
import { expectAxes, type GraphBuilder, type Value } from '#ml/graph';
import {
  metaInput,
  metaLearner,
  pairLosses,
  weightedLoss,
  type MetaLearnerValues,
  type PairLogProbs,
} from '#ml/losses';
import type { RunResults } from '#ml/runtime';
import type { Objective, Weighting } from '../policy-engine.js';

/** The four responses of a row. */
export const ROLES = ['offline_chosen', 'offline_rejected', 'online_chosen', 'online_rejected'] as const;
export type Role = (typeof ROLES)[number];

export interface LossSettings {
  readonly objective: Objective;
  /** Given from outside (constant or item by item), or made in the graph. */
  readonly weighting: 'given' | Exclude<Weighting['kind'], 'constant' | 'per_item'>;
}

/** What a run reports, row by row. */
export interface RowValues {
  readonly policy: { readonly [R in Role]: Float32Array };
  readonly ellOff: Float32Array;
  readonly ellOn: Float32Array;
  readonly score: Float32Array;
  readonly weight: Float32Array;
  readonly loss: Float32Array;
}

/** Symbols: rows, hidden units of the meta-learner. */
export const ROWS = 'N';
const HIDDEN = 'H';

export const inputNames = {
  pick: (role: Role) => `pick.${role}`,
  reference: (role: Role) => `reference.${role}`,
  weight: 'weight',
  hiddenWeights: 'phi.hidden_weights',
  hiddenBiases: 'phi.hidden_biases',
  outputWeights: 'phi.output_weights',
  outputBias: 'phi.output_bias',
} as const;

const VALUE_NAMES = ['ell_off', 'ell_on', 'score', 'weights', 'row_losses'] as const;

/** L; the values of each row become outputs, those of `RowValues` but for the policy's own. */
export function preferenceLoss(
  g: GraphBuilder,
  policyOf: (role: Role) => Value<'N'>,
  { objective, weighting }: LossSettings,
): Value<''> {
  const pairLoss = pairLosses[objective.loss];
  const reference = (role: Role): Value<'N'> | undefined =>
    pairLoss.usesReference ? (g.input(inputNames.reference(role), 'f32', [ROWS]) as Value<'N'>) : undefined;
  const pair = (chosen: Role, rejected: Role): PairLogProbs => ({
    policyChosen: policyOf(chosen),
    policyRejected: policyOf(rejected),
    referenceChosen: reference(chosen),
    referenceRejected: reference(rejected),
  });
  const [offline, online] = [g.scope('offline'), g.scope('online')];
  const offlineMargin = pairLoss.margin(offline, pair('offline_chosen', 'offline_rejected'), objective);
  const onlineMargin = pairLoss.margin(online, pair('online_chosen', 'online_rejected'), objective);
  const ellOff = expectAxes(offline.neg(pairLoss.base(offline, offlineMargin, objective)), 'N');
  const ellOn = expectAxes(online.neg(pairLoss.base(online, onlineMargin, objective)), 'N');
  const score = metaInput(g, offlineMargin, objective.inputBeta);
  const weight = weightOf(g, score, weighting);
  const { rows, sum } = weightedLoss(g, { ellOff, ellOn, weight });
  [ellOff, ellOn, score, weight, rows].forEach((value, index) => g.output(present(VALUE_NAMES[index], 'name'), value));
  return sum;
}

function weightOf(g: GraphBuilder, score: Value<'N'>, weighting: LossSettings['weighting']): Value<'N'> {
  switch (weighting) {
    case 'given':
      return g.input(inputNames.weight, 'f32', [ROWS]) as Value<'N'>;
    case 'sigmoid':
      return g.scope('weight').sigmoid(score);
    case 'meta_learner': {
      const weights = {
        hiddenWeights: g.input(inputNames.hiddenWeights, 'f32', [HIDDEN]),
        hiddenBiases: g.input(inputNames.hiddenBiases, 'f32', [HIDDEN]),
        outputWeights: g.input(inputNames.outputWeights, 'f32', [HIDDEN]),
        outputBias: g.input(inputNames.outputBias, 'f32', [1]),
      } as MetaLearnerValues;
      return metaLearner(g, score, weights);
    }
    default:
      return weighting satisfies never;
  }
}

/** What the loss has put out; `policy` holds the log-probabilities that it was made of. */
export function rowValues(results: RunResults, policy: RowValues['policy']): RowValues {
  const [ellOff, ellOn, score, weight, loss] = VALUE_NAMES.map((name) => results.f32(name)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  return { policy, ellOff, ellOn, score, weight, loss };
}
