// From proto/metaapo/policy/v1/policy.proto

import type { ScoredItem as _metaapo_policy_v1_ScoredItem, ScoredItem__Output as _metaapo_policy_v1_ScoredItem__Output } from '../../../metaapo/policy/v1/ScoredItem.js';
import type { Timing as _metaapo_common_v1_Timing, Timing__Output as _metaapo_common_v1_Timing__Output } from '../../../metaapo/common/v1/Timing.js';

/**
 * Response of `ScoreResponses`.
 */
export interface ScoreResponsesResponse {
  /**
   * Results in request order.
   */
  'items'?: (_metaapo_policy_v1_ScoredItem)[];
  /**
   * Where the time went.
   */
  'timing'?: (_metaapo_common_v1_Timing | null);
}

/**
 * Response of `ScoreResponses`.
 */
export interface ScoreResponsesResponse__Output {
  /**
   * Results in request order.
   */
  'items': (_metaapo_policy_v1_ScoredItem__Output)[];
  /**
   * Where the time went.
   */
  'timing': (_metaapo_common_v1_Timing__Output | null);
}
