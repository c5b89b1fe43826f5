// From proto/metaapo/reward/v1/reward.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Request for `PromoteRewardModel`.
 */
export interface PromoteRewardModelRequest {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel'?: (string);
  /**
   * Epoch in service as the caller knows it; guards against a promotion that happened meanwhile.
   */
  'expectedEpoch'?: (number | string | Long);
  /**
   * Identifies the request.
   */
  'requestId'?: (string);
}

/**
 * Request for `PromoteRewardModel`.
 */
export interface PromoteRewardModelRequest__Output {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel': (string);
  /**
   * Epoch in service as the caller knows it; guards against a promotion that happened meanwhile.
   */
  'expectedEpoch': (string);
  /**
   * Identifies the request.
   */
  'requestId': (string);
}
