// From proto/metaapo/policy/v1/policy.proto

import type { ItemStatus as _metaapo_common_v1_ItemStatus, ItemStatus__Output as _metaapo_common_v1_ItemStatus__Output } from '../../../metaapo/common/v1/ItemStatus.js';

/**
 * Reports an item that gets no samples.
 */
export interface GenerateFailure {
  /**
   * Item id of the request.
   */
  'itemId'?: (string);
  /**
   * What was wrong.
   */
  'status'?: (_metaapo_common_v1_ItemStatus | null);
}

/**
 * Reports an item that gets no samples.
 */
export interface GenerateFailure__Output {
  /**
   * Item id of the request.
   */
  'itemId': (string);
  /**
   * What was wrong.
   */
  'status': (_metaapo_common_v1_ItemStatus__Output | null);
}
