// From proto/metaapo/reward/v1/reward.proto

import type { ItemStatus as _metaapo_common_v1_ItemStatus, ItemStatus__Output as _metaapo_common_v1_ItemStatus__Output } from '../../../metaapo/common/v1/ItemStatus.js';
import type { Annotation as _metaapo_reward_v1_Annotation, Annotation__Output as _metaapo_reward_v1_Annotation__Output } from '../../../metaapo/reward/v1/Annotation.js';

/**
 * Is the result for one item.
 */
export interface AnnotatedItem {
  /**
   * Item id of the request.
   */
  'itemId'?: (string);
  /**
   * Outcome of the prompt; when it failed there are no annotations.
   */
  'status'?: (_metaapo_common_v1_ItemStatus | null);
  /**
   * Annotations in the order of the item's responses.
   */
  'annotations'?: (_metaapo_reward_v1_Annotation)[];
}

/**
 * Is the result for one item.
 */
export interface AnnotatedItem__Output {
  /**
   * Item id of the request.
   */
  'itemId': (string);
  /**
   * Outcome of the prompt; when it failed there are no annotations.
   */
  'status': (_metaapo_common_v1_ItemStatus__Output | null);
  /**
   * Annotations in the order of the item's responses.
   */
  'annotations': (_metaapo_reward_v1_Annotation__Output)[];
}
