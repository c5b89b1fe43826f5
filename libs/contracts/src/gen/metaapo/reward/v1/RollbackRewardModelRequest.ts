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
   * Required. Epoch in service as the caller knows it, at least 1.
   */
  'expectedEpoch'?: (number | string | Long);
  /**
   * Identifies the request, as in `StageRewardModelRequest`.
   */
  'requestId'?: (string);
  /**
   * Why, for the history: free text of up to 1024 characters.
   */
  'reason'?: (string);
  /**
   * Who asks, as in `StageRewardModelRequest`.
   */
  'requester'?: (string);
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
   * Required. Epoch in service as the caller knows it, at least 1.
   */
  'expectedEpoch': (string);
  /**
   * Identifies the request, as in `StageRewardModelRequest`.
   */
  'requestId': (string);
  /**
   * Why, for the history: free text of up to 1024 characters.
   */
  'reason': (string);
  /**
   * Who asks, as in `StageRewardModelRequest`.
   */
  'requester': (string);
}
