// From proto/metaapo/reward/v1/reward.proto

import type { ItemStatus as _metaapo_common_v1_ItemStatus, ItemStatus__Output as _metaapo_common_v1_ItemStatus__Output } from '../../../metaapo/common/v1/ItemStatus.js';

/**
 * Is the annotation of one response.
 */
export interface Annotation {
  /**
   * Outcome of this response.
   */
  'status'?: (_metaapo_common_v1_ItemStatus | null);
  /**
   * Reward; higher is better. Absent when the status is not success.
   */
  'score'?: (number | string);
  /**
   * Named parts of the score, where the backend tells them.
   */
  'components'?: ({[key: string]: number | string});
  '_score'?: "score";
}

/**
 * Is the annotation of one response.
 */
export interface Annotation__Output {
  /**
   * Outcome of this response.
   */
  'status': (_metaapo_common_v1_ItemStatus__Output | null);
  /**
   * Reward; higher is better. Absent when the status is not success.
   */
  'score'?: (number);
  /**
   * Named parts of the score, where the backend tells them.
   */
  'components': ({[key: string]: number});
  '_score'?: "score";
}
