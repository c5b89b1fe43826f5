// From proto/metaapo/policy/v1/policy.proto

import type { Objective as _metaapo_policy_v1_Objective, Objective__Output as _metaapo_policy_v1_Objective__Output } from '../../../metaapo/policy/v1/Objective.js';
import type { Weighting as _metaapo_policy_v1_Weighting, Weighting__Output as _metaapo_policy_v1_Weighting__Output } from '../../../metaapo/policy/v1/Weighting.js';
import type { GradientItem as _metaapo_policy_v1_GradientItem, GradientItem__Output as _metaapo_policy_v1_GradientItem__Output } from '../../../metaapo/policy/v1/GradientItem.js';

/**
 * Request for `ComputeGradient`.
 */
export interface ComputeGradientRequest {
  /**
   * Required. Digest of the adapter to differentiate.
   */
  'policy'?: (string);
  /**
   * Digest of the reference adapter; empty is the base. Ignored by losses without a reference.
   */
  'reference'?: (string);
  /**
   * Required. Loss and constants.
   */
  'objective'?: (_metaapo_policy_v1_Objective | null);
  /**
   * Required. Rule for the weights.
   */
  'weighting'?: (_metaapo_policy_v1_Weighting | null);
  /**
   * Items, at least one. An item that cannot be encoded fails the call: a gradient over fewer items is another gradient.
   */
  'items'?: (_metaapo_policy_v1_GradientItem)[];
}

/**
 * Request for `ComputeGradient`.
 */
export interface ComputeGradientRequest__Output {
  /**
   * Required. Digest of the adapter to differentiate.
   */
  'policy': (string);
  /**
   * Digest of the reference adapter; empty is the base. Ignored by losses without a reference.
   */
  'reference': (string);
  /**
   * Required. Loss and constants.
   */
  'objective': (_metaapo_policy_v1_Objective__Output | null);
  /**
   * Required. Rule for the weights.
   */
  'weighting': (_metaapo_policy_v1_Weighting__Output | null);
  /**
   * Items, at least one. An item that cannot be encoded fails the call: a gradient over fewer items is another gradient.
   */
  'items': (_metaapo_policy_v1_GradientItem__Output)[];
}
