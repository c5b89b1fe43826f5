// From proto/metaapo/policy/v1/policy.proto

import type { LossKind as _metaapo_policy_v1_LossKind, LossKind__Output as _metaapo_policy_v1_LossKind__Output } from '../../../metaapo/policy/v1/LossKind.js';

/**
 * Names the preference loss and its constants.
 */
export interface Objective {
  /**
   * Required. Base loss of one pair.
   */
  'loss'?: (_metaapo_policy_v1_LossKind);
  /**
   * Strength of the pull towards the reference; the tau of IPO is this too. Range (0, ∞).
   */
  'beta'?: (number | string);
  /**
   * SimPO's target reward margin gamma. Range [0, ∞). Ignored by other losses.
   */
  'gamma'?: (number | string);
  /**
   * Factor of the margin inside the meta-learner's input s = log sigmoid(input_beta * delta_off). Range (0, ∞).
   */
  'inputBeta'?: (number | string);
}

/**
 * Names the preference loss and its constants.
 */
export interface Objective__Output {
  /**
   * Required. Base loss of one pair.
   */
  'loss': (_metaapo_policy_v1_LossKind__Output);
  /**
   * Strength of the pull towards the reference; the tau of IPO is this too. Range (0, ∞).
   */
  'beta': (number);
  /**
   * SimPO's target reward margin gamma. Range [0, ∞). Ignored by other losses.
   */
  'gamma': (number);
  /**
   * Factor of the margin inside the meta-learner's input s = log sigmoid(input_beta * delta_off). Range (0, ∞).
   */
  'inputBeta': (number);
}
