// From proto/metaapo/policy/v1/policy.proto

import type { TokenLogProbs as _metaapo_policy_v1_TokenLogProbs, TokenLogProbs__Output as _metaapo_policy_v1_TokenLogProbs__Output } from '../../../metaapo/policy/v1/TokenLogProbs.js';
import type { ItemStatus as _metaapo_common_v1_ItemStatus, ItemStatus__Output as _metaapo_common_v1_ItemStatus__Output } from '../../../metaapo/common/v1/ItemStatus.js';

/**
 * Is the score of one response.
 */
export interface ResponseScore {
  /**
   * Sum over response tokens of the natural log of the probability, one per policy of the request. Raw: temperature 1,
   * no truncation.
   */
  'logProbSums'?: (number | string)[];
  /**
   * Scored tokens, the end token included.
   */
  'tokenCount'?: (number);
  /**
   * Log-probabilities token by token, one list per policy; only when asked for.
   */
  'tokenLogProbs'?: (_metaapo_policy_v1_TokenLogProbs)[];
  /**
   * Outcome of this response.
   */
  'status'?: (_metaapo_common_v1_ItemStatus | null);
}

/**
 * Is the score of one response.
 */
export interface ResponseScore__Output {
  /**
   * Sum over response tokens of the natural log of the probability, one per policy of the request. Raw: temperature 1,
   * no truncation.
   */
  'logProbSums': (number)[];
  /**
   * Scored tokens, the end token included.
   */
  'tokenCount': (number);
  /**
   * Log-probabilities token by token, one list per policy; only when asked for.
   */
  'tokenLogProbs': (_metaapo_policy_v1_TokenLogProbs__Output)[];
  /**
   * Outcome of this response.
   */
  'status': (_metaapo_common_v1_ItemStatus__Output | null);
}
