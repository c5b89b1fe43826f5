// From proto/metaapo/policy/v1/policy.proto

import type { ItemStatus as _metaapo_common_v1_ItemStatus, ItemStatus__Output as _metaapo_common_v1_ItemStatus__Output } from '../../../metaapo/common/v1/ItemStatus.js';
import type { ResponseScore as _metaapo_policy_v1_ResponseScore, ResponseScore__Output as _metaapo_policy_v1_ResponseScore__Output } from '../../../metaapo/policy/v1/ResponseScore.js';

/**
 * Is the result for one item.
 */
export interface ScoredItem {
  /**
   * Item id of the request.
   */
  'itemId'?: (string);
  /**
   * Outcome of the prompt; when it failed there are no responses.
   */
  'status'?: (_metaapo_common_v1_ItemStatus | null);
  /**
   * Scores in the order of the item's responses.
   */
  'responses'?: (_metaapo_policy_v1_ResponseScore)[];
}

/**
 * Is the result for one item.
 */
export interface ScoredItem__Output {
  /**
   * Item id of the request.
   */
  'itemId': (string);
  /**
   * Outcome of the prompt; when it failed there are no responses.
   */
  'status': (_metaapo_common_v1_ItemStatus__Output | null);
  /**
   * Scores in the order of the item's responses.
   */
  'responses': (_metaapo_policy_v1_ResponseScore__Output)[];
}
