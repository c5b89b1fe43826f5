// From proto/metaapo/policy/v1/policy.proto

import type { ScoreItem as _metaapo_policy_v1_ScoreItem, ScoreItem__Output as _metaapo_policy_v1_ScoreItem__Output } from '../../../metaapo/policy/v1/ScoreItem.js';

/**
 * Request for `ScoreResponses`.
 */
export interface ScoreResponsesRequest {
  /**
   * Adapter digests to score under; an empty string is the base. Empty list: the base alone.
   */
  'policies'?: (string)[];
  /**
   * Items, at least one.
   */
  'items'?: (_metaapo_policy_v1_ScoreItem)[];
  /**
   * True adds the log-probability of every token. Default false.
   */
  'includeTokenLogProbs'?: (boolean);
}

/**
 * Request for `ScoreResponses`.
 */
export interface ScoreResponsesRequest__Output {
  /**
   * Adapter digests to score under; an empty string is the base. Empty list: the base alone.
   */
  'policies': (string)[];
  /**
   * Items, at least one.
   */
  'items': (_metaapo_policy_v1_ScoreItem__Output)[];
  /**
   * True adds the log-probability of every token. Default false.
   */
  'includeTokenLogProbs': (boolean);
}
