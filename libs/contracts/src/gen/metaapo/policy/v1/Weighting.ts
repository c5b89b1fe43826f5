// From proto/metaapo/policy/v1/policy.proto

import type { MetaLearnerWeights as _metaapo_policy_v1_MetaLearnerWeights, MetaLearnerWeights__Output as _metaapo_policy_v1_MetaLearnerWeights__Output } from '../../../metaapo/policy/v1/MetaLearnerWeights.js';
import type { ItemWeights as _metaapo_policy_v1_ItemWeights, ItemWeights__Output as _metaapo_policy_v1_ItemWeights__Output } from '../../../metaapo/policy/v1/ItemWeights.js';

/**
 * Says how the offline pair's weight w is found; the online pair has 1 - w.
 */
export interface Weighting {
  /**
   * w = h_phi(s) with s from the live policy.
   */
  'metaLearner'?: (_metaapo_policy_v1_MetaLearnerWeights | null);
  /**
   * The same w for every item, in [0, 1]; 1 is the loss on offline pairs alone.
   */
  'constant'?: (number | string);
  /**
   * w given item by item.
   */
  'perItem'?: (_metaapo_policy_v1_ItemWeights | null);
  /**
   * w = sigmoid(s) with s from the live policy, when true. False is refused.
   */
  'sigmoid'?: (boolean);
  /**
   * Required. Exactly one rule.
   */
  'rule'?: "metaLearner"|"constant"|"perItem"|"sigmoid";
}

/**
 * Says how the offline pair's weight w is found; the online pair has 1 - w.
 */
export interface Weighting__Output {
  /**
   * w = h_phi(s) with s from the live policy.
   */
  'metaLearner'?: (_metaapo_policy_v1_MetaLearnerWeights__Output | null);
  /**
   * The same w for every item, in [0, 1]; 1 is the loss on offline pairs alone.
   */
  'constant'?: (number);
  /**
   * w given item by item.
   */
  'perItem'?: (_metaapo_policy_v1_ItemWeights__Output | null);
  /**
   * w = sigmoid(s) with s from the live policy, when true. False is refused.
   */
  'sigmoid'?: (boolean);
  /**
   * Required. Exactly one rule.
   */
  'rule'?: "metaLearner"|"constant"|"perItem"|"sigmoid";
}
