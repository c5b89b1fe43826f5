// From proto/metaapo/policy/v1/policy.proto

import type { Prompt as _metaapo_common_v1_Prompt, Prompt__Output as _metaapo_common_v1_Prompt__Output } from '../../../metaapo/common/v1/Prompt.js';
import type { PreferencePair as _metaapo_policy_v1_PreferencePair, PreferencePair__Output as _metaapo_policy_v1_PreferencePair__Output } from '../../../metaapo/policy/v1/PreferencePair.js';

/**
 * Is one training row.
 */
export interface GradientItem {
  /**
   * Required. Unique within the request.
   */
  'itemId'?: (string);
  /**
   * Required. Prompt of both pairs.
   */
  'prompt'?: (_metaapo_common_v1_Prompt | null);
  /**
   * Pair from the offline data set. Required unless the weighting is the constant 0.
   */
  'offline'?: (_metaapo_policy_v1_PreferencePair | null);
  /**
   * Pair from fresh samples. Required unless the weighting is the constant 1.
   */
  'online'?: (_metaapo_policy_v1_PreferencePair | null);
}

/**
 * Is one training row.
 */
export interface GradientItem__Output {
  /**
   * Required. Unique within the request.
   */
  'itemId': (string);
  /**
   * Required. Prompt of both pairs.
   */
  'prompt': (_metaapo_common_v1_Prompt__Output | null);
  /**
   * Pair from the offline data set. Required unless the weighting is the constant 0.
   */
  'offline': (_metaapo_policy_v1_PreferencePair__Output | null);
  /**
   * Pair from fresh samples. Required unless the weighting is the constant 1.
   */
  'online': (_metaapo_policy_v1_PreferencePair__Output | null);
}
