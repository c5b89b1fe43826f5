// From proto/metaapo/policy/v1/policy.proto

import type { ItemStatistics as _metaapo_policy_v1_ItemStatistics, ItemStatistics__Output as _metaapo_policy_v1_ItemStatistics__Output } from '../../../metaapo/policy/v1/ItemStatistics.js';
import type { Tensor as _metaapo_common_v1_Tensor, Tensor__Output as _metaapo_common_v1_Tensor__Output } from '../../../metaapo/common/v1/Tensor.js';
import type { Timing as _metaapo_common_v1_Timing, Timing__Output as _metaapo_common_v1_Timing__Output } from '../../../metaapo/common/v1/Timing.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Opens the stream of `ComputeGradient`.
 */
export interface GradientSummary {
  /**
   * Statistics in request order.
   */
  'items'?: (_metaapo_policy_v1_ItemStatistics)[];
  /**
   * Sum over items of the loss.
   */
  'lossSum'?: (number | string);
  /**
   * Gradient tensors that follow: names, dtypes and dims, without data, in the order they are sent.
   */
  'tensors'?: (_metaapo_common_v1_Tensor)[];
  /**
   * Tokens that went through the model in forward and backward, padding excluded.
   */
  'tokenCount'?: (number | string | Long);
  /**
   * Where the time went.
   */
  'timing'?: (_metaapo_common_v1_Timing | null);
}

/**
 * Opens the stream of `ComputeGradient`.
 */
export interface GradientSummary__Output {
  /**
   * Statistics in request order.
   */
  'items': (_metaapo_policy_v1_ItemStatistics__Output)[];
  /**
   * Sum over items of the loss.
   */
  'lossSum': (number);
  /**
   * Gradient tensors that follow: names, dtypes and dims, without data, in the order they are sent.
   */
  'tensors': (_metaapo_common_v1_Tensor__Output)[];
  /**
   * Tokens that went through the model in forward and backward, padding excluded.
   */
  'tokenCount': (string);
  /**
   * Where the time went.
   */
  'timing': (_metaapo_common_v1_Timing__Output | null);
}
