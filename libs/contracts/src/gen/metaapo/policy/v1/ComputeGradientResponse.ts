// From proto/metaapo/policy/v1/policy.proto

import type { GradientSummary as _metaapo_policy_v1_GradientSummary, GradientSummary__Output as _metaapo_policy_v1_GradientSummary__Output } from '../../../metaapo/policy/v1/GradientSummary.js';
import type { TensorChunk as _metaapo_policy_v1_TensorChunk, TensorChunk__Output as _metaapo_policy_v1_TensorChunk__Output } from '../../../metaapo/policy/v1/TensorChunk.js';

/**
 * Message of the `ComputeGradient` stream.
 */
export interface ComputeGradientResponse {
  /**
   * Statistics and the list of tensors; the first message.
   */
  'summary'?: (_metaapo_policy_v1_GradientSummary | null);
  /**
   * A piece of a gradient tensor. The gradient is the sum over items of d loss / d tensor.
   */
  'chunk'?: (_metaapo_policy_v1_TensorChunk | null);
  /**
   * Exactly one.
   */
  'event'?: "summary"|"chunk";
}

/**
 * Message of the `ComputeGradient` stream.
 */
export interface ComputeGradientResponse__Output {
  /**
   * Statistics and the list of tensors; the first message.
   */
  'summary'?: (_metaapo_policy_v1_GradientSummary__Output | null);
  /**
   * A piece of a gradient tensor. The gradient is the sum over items of d loss / d tensor.
   */
  'chunk'?: (_metaapo_policy_v1_TensorChunk__Output | null);
  /**
   * Exactly one.
   */
  'event'?: "summary"|"chunk";
}
