/** @file Checks a `ComputeGradientRequest` as a whole. */
import { assert, type Digest } from '#core';
import type {
  ComputeGradientRequest__Output,
  LossKind__Output,
  MetaLearnerWeights__Output,
  Objective__Output,
  PreferencePair__Output,
  Weighting__Output,
} from '#contracts/policy';
import type { LossKind, Objective, PolicyRef, Weighting } from '#ml/engine';
import { pairLosses } from '#ml/losses';
import { toPolicyRef } from '../requests/policy-ref.js';
import { RequestCheck } from '../requests/request-check.js';
import { ObjectiveInvalidError, PolicyNotTrainableError } from './gradient.errors.js';

/** The wire names a loss as we do, in capitals. */
function lossOf(wireName: LossKind__Output): LossKind | undefined {
  const name = wireName.slice('LOSS_KIND_'.length).toLowerCase();
  return Object.hasOwn(pairLosses, name) ? (name as LossKind) : undefined;
}

/** What a checked request asks for, besides its items. */
export interface GradientSettings {
  readonly policy: Digest;
  readonly reference: PolicyRef;
  readonly objective: Objective;
  readonly weighting: Weighting;
}

/**
 * @throws `OBJECTIVE_INVALID` when only loss and weights are at fault, else `REQUEST_INVALID`; all problems at once.
 *   `POLICY_NOT_TRAINABLE` for the base.
 */
export function checkGradientRequest(request: ComputeGradientRequest__Output, unitItemsMax: number): GradientSettings {
  const { policy, reference, objective, weighting, items } = request;
  const check = new RequestCheck();
  check.expectPolicy(policy, 'policy');
  check.expectPolicy(reference, 'reference');
  check.expectItems(items, unitItemsMax);
  if (check.expect(objective !== null, 'objective', 'an objective', 'none')) {
    expectObjective(check, objective as Objective__Output);
  }
  expectWeighting(check, weighting, items.length);
  const constant = weighting?.rule === 'constant' ? weighting.constant : undefined;
  for (const [index, { offline, online }] of items.entries()) {
    expectPair(check, offline, `items[${index}].offline`, constant !== 0);
    expectPair(check, online, `items[${index}].online`, constant !== 1);
  }
  check.finish({ fields: /^(objective|weighting)/, make: (problems) => new ObjectiveInvalidError(problems) });

  const ref = toPolicyRef(policy);
  if (ref === null) throw new PolicyNotTrainableError();
  return {
    policy: ref,
    reference: toPolicyRef(reference),
    objective: toObjective(objective as Objective__Output),
    weighting: toWeighting(weighting as Weighting__Output),
  };
}

function expectObjective(check: RequestCheck, { loss, beta, gamma, inputBeta }: Objective__Output): void {
  check.expect(lossOf(loss) !== undefined, 'objective.loss', 'a loss of the list', loss);
  const isPositive = (value: number) => value > 0 && value < Infinity;
  check.expect(isPositive(beta), 'objective.beta', 'a finite number above 0', beta);
  check.expect(isPositive(inputBeta), 'objective.input_beta', 'a finite number above 0', inputBeta);
  const gammaFits = loss !== 'LOSS_KIND_SIMPO' || (gamma >= 0 && gamma < Infinity);
  check.expect(gammaFits, 'objective.gamma', 'a finite number, at least 0', gamma);
}

const isWeight = (value: number) => value >= 0 && value <= 1;

function expectWeighting(check: RequestCheck, weighting: Weighting__Output | null, itemCount: number): void {
  const { rule, constant, sigmoid, perItem, metaLearner } = weighting ?? {};
  switch (rule) {
    case undefined:
      return void check.expect(false, 'weighting', 'exactly one rule', 'none');
    case 'constant':
      return void check.expect(isWeight(constant ?? Number.NaN), 'weighting.constant', 'from 0 to 1', constant);
    case 'sigmoid':
      return void check.expect(sigmoid === true, 'weighting.sigmoid', 'true, or another rule', sigmoid);
    case 'perItem':
      return expectItemWeights(check, perItem?.weights ?? [], itemCount);
    case 'metaLearner':
      return expectMetaLearner(check, metaLearner as MetaLearnerWeights__Output);
    default:
      return rule satisfies never;
  }
}

function expectItemWeights(check: RequestCheck, weights: readonly number[], itemCount: number): void {
  const field = 'weighting.per_item.weights';
  check.expect(weights.length === itemCount, field, `${itemCount} weights, one per item`, weights.length);
  for (const [index, weight] of weights.entries()) {
    check.expect(isWeight(weight), `${field}[${index}]`, 'from 0 to 1', weight);
  }
}

function expectMetaLearner(check: RequestCheck, weights: MetaLearnerWeights__Output): void {
  const hidden = weights.hiddenWeights.length;
  check.expect(hidden > 0, 'weighting.meta_learner.hidden_weights', 'at least one weight', 'none');
  const layers = [
    ['hidden_weights', weights.hiddenWeights],
    ['hidden_biases', weights.hiddenBiases],
    ['output_weights', weights.outputWeights],
    ['output_bias', [weights.outputBias]],
  ] as const;
  for (const [name, values] of layers) {
    const field = `weighting.meta_learner.${name}`;
    if (name !== 'output_bias') check.expect(values.length === hidden, field, `${hidden} numbers`, values.length);
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    check.expect(wrong < 0, field, 'finite numbers', `${values[wrong]} at [${wrong}]`);
  }
}

function expectPair(check: RequestCheck, pair: PreferencePair__Output | null, field: string, required: boolean): void {
  if (pair === null) {
    check.expect(!required, field, 'a pair; only a constant weight of 0 or 1 spares one', 'none');
    return;
  }
  check.expect(pair.chosen !== null, `${field}.chosen`, 'a response', 'none');
  check.expect(pair.rejected !== null, `${field}.rejected`, 'a response', 'none');
}

function toObjective({ loss, beta, gamma, inputBeta }: Objective__Output): Objective {
  const kind = lossOf(loss);
  assert(kind !== undefined, 'the loss was checked');
  return { loss: kind, beta, gamma: kind === 'simpo' ? gamma : 0, inputBeta };
}

function toWeighting(weighting: Weighting__Output): Weighting {
  const { metaLearner, perItem, constant } = weighting;
  if (weighting.rule === 'constant') return { kind: 'constant', weight: constant as number };
  if (weighting.rule === 'sigmoid') return { kind: 'sigmoid' };
  if (weighting.rule === 'perItem') return { kind: 'per_item', weights: perItem?.weights ?? [] };
  assert(metaLearner, 'the weighting was checked');
  return {
    kind: 'meta_learner',
    weights: {
      hiddenWeights: Float32Array.from(metaLearner.hiddenWeights),
      hiddenBiases: Float32Array.from(metaLearner.hiddenBiases),
      outputWeights: Float32Array.from(metaLearner.outputWeights),
      outputBias: metaLearner.outputBias,
    },
  };
}
