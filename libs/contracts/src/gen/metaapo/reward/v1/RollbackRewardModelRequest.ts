// From proto/metaapo/reward/v1/reward.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Request for `RollbackRewardModel`.
 */
export interface RollbackRewardModelRequest {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel'?: (string);
  /**
   * Epoch in service as the caller knows it.
   */
  'expectedEpoch'?: (number | string | Long);
  /**
   * Identifies the request.
   */
  'requestId'?: (string);
}

/**
 * Request for `RollbackRewardModel`.
 */
export interface RollbackRewardModelRequest__Output {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel': (string);
  /**
   * Epoch in service as the caller knows it.
   */
  'expectedEpoch': (string);
  /**
   * Identifies the request.
   */
  'requestId': (string);
}
