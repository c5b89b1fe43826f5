// From proto/metaapo/policy/v1/policy.proto

import type { GenerateItem as _metaapo_policy_v1_GenerateItem, GenerateItem__Output as _metaapo_policy_v1_GenerateItem__Output } from '../../../metaapo/policy/v1/GenerateItem.js';
import type { Sampling as _metaapo_policy_v1_Sampling, Sampling__Output as _metaapo_policy_v1_Sampling__Output } from '../../../metaapo/policy/v1/Sampling.js';

/**
 * Request for `GenerateResponses`.
 */
export interface GenerateResponsesRequest {
  /**
   * Adapter digest to sample from; empty is the base.
   */
  'policy'?: (string);
  /**
   * Items, at least one.
   */
  'items'?: (_metaapo_policy_v1_GenerateItem)[];
  /**
   * Samples per item, at least 1.
   */
  'samplesPerPrompt'?: (number);
  /**
   * Required. How tokens are drawn.
   */
  'sampling'?: (_metaapo_policy_v1_Sampling | null);
}

/**
 * Request for `GenerateResponses`.
 */
export interface GenerateResponsesRequest__Output {
  /**
   * Adapter digest to sample from; empty is the base.
   */
  'policy': (string);
  /**
   * Items, at least one.
   */
  'items': (_metaapo_policy_v1_GenerateItem__Output)[];
  /**
   * Samples per item, at least 1.
   */
  'samplesPerPrompt': (number);
  /**
   * Required. How tokens are drawn.
   */
  'sampling': (_metaapo_policy_v1_Sampling__Output | null);
}
