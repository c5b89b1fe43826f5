// From proto/metaapo/policy/v1/policy.proto

import type { Prompt as _metaapo_common_v1_Prompt, Prompt__Output as _metaapo_common_v1_Prompt__Output } from '../../../metaapo/common/v1/Prompt.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Is one prompt to answer.
 */
export interface GenerateItem {
  /**
   * Required. Unique within the request.
   */
  'itemId'?: (string);
  /**
   * Required. Prompt to answer.
   */
  'prompt'?: (_metaapo_common_v1_Prompt | null);
  /**
   * Seed of this item's samples; sample k is drawn from (seed, k) alone.
   */
  'seed'?: (number | string | Long);
}

/**
 * Is one prompt to answer.
 */
export interface GenerateItem__Output {
  /**
   * Required. Unique within the request.
   */
  'itemId': (string);
  /**
   * Required. Prompt to answer.
   */
  'prompt': (_metaapo_common_v1_Prompt__Output | null);
  /**
   * Seed of this item's samples; sample k is drawn from (seed, k) alone.
   */
  'seed': (string);
}
