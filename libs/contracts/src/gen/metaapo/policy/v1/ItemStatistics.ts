// From proto/metaapo/policy/v1/policy.proto

import type { PairLogProbs as _metaapo_policy_v1_PairLogProbs, PairLogProbs__Output as _metaapo_policy_v1_PairLogProbs__Output } from '../../../metaapo/policy/v1/PairLogProbs.js';

/**
 * Holds what the loss saw of one item.
 */
export interface ItemStatistics {
  /**
   * Item id of the request.
   */
  'itemId'?: (string);
  /**
   * Policy on the offline pair; absent when the item has none.
   */
  'policyOffline'?: (_metaapo_policy_v1_PairLogProbs | null);
  /**
   * Policy on the online pair; absent when the item has none.
   */
  'policyOnline'?: (_metaapo_policy_v1_PairLogProbs | null);
  /**
   * Reference on the offline pair; absent without a reference or pair.
   */
  'referenceOffline'?: (_metaapo_policy_v1_PairLogProbs | null);
  /**
   * Reference on the online pair; absent without a reference or pair.
   */
  'referenceOnline'?: (_metaapo_policy_v1_PairLogProbs | null);
  /**
   * Preference score of the offline pair: minus its base loss. Absent without the pair.
   */
  'ellOff'?: (number | string);
  /**
   * Preference score of the online pair: minus its base loss. Absent without the pair.
   */
  'ellOn'?: (number | string);
  /**
   * Meta-learner's input s = log sigmoid(input_beta * delta_off). Absent without the offline pair.
   */
  'score'?: (number | string);
  /**
   * Weight of the offline pair.
   */
  'weight'?: (number | string);
  /**
   * Loss of this item: -(w ell_off + (1 - w) ell_on).
   */
  'loss'?: (number | string);
  '_ellOff'?: "ellOff";
  '_ellOn'?: "ellOn";
  '_score'?: "score";
}

/**
 * Holds what the loss saw of one item.
 */
export interface ItemStatistics__Output {
  /**
   * Item id of the request.
   */
  'itemId': (string);
  /**
   * Policy on the offline pair; absent when the item has none.
   */
  'policyOffline': (_metaapo_policy_v1_PairLogProbs__Output | null);
  /**
   * Policy on the online pair; absent when the item has none.
   */
  'policyOnline': (_metaapo_policy_v1_PairLogProbs__Output | null);
  /**
   * Reference on the offline pair; absent without a reference or pair.
   */
  'referenceOffline': (_metaapo_policy_v1_PairLogProbs__Output | null);
  /**
   * Reference on the online pair; absent without a reference or pair.
   */
  'referenceOnline': (_metaapo_policy_v1_PairLogProbs__Output | null);
  /**
   * Preference score of the offline pair: minus its base loss. Absent without the pair.
   */
  'ellOff'?: (number);
  /**
   * Preference score of the online pair: minus its base loss. Absent without the pair.
   */
  'ellOn'?: (number);
  /**
   * Meta-learner's input s = log sigmoid(input_beta * delta_off). Absent without the offline pair.
   */
  'score'?: (number);
  /**
   * Weight of the offline pair.
   */
  'weight': (number);
  /**
   * Loss of this item: -(w ell_off + (1 - w) ell_on).
   */
  'loss': (number);
  '_ellOff'?: "ellOff";
  '_ellOn'?: "ellOn";
  '_score'?: "score";
}
