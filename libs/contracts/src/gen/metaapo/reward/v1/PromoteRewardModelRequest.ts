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
   * Required. Epoch in service as the caller knows it, at least 1; guards against a swap that happened meanwhile.
   */
  'expectedEpoch'?: (number | string | Long);
  /**
   * Identifies the request, as in `StageRewardModelRequest`.
   */
  'requestId'?: (string);
  /**
   * True: the service's limits do not hold it up. Needs a `reason`.
   */
  'force'?: (boolean);
  /**
   * Why, for the history: free text of up to 1024 characters. Required when forced.
   */
  'reason'?: (string);
  /**
   * Who asks, as in `StageRewardModelRequest`.
   */
  'requester'?: (string);
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
   * Required. Epoch in service as the caller knows it, at least 1; guards against a swap that happened meanwhile.
   */
  'expectedEpoch': (string);
  /**
   * Identifies the request, as in `StageRewardModelRequest`.
   */
  'requestId': (string);
  /**
   * True: the service's limits do not hold it up. Needs a `reason`.
   */
  'force': (boolean);
  /**
   * Why, for the history: free text of up to 1024 characters. Required when forced.
   */
  'reason': (string);
  /**
   * Who asks, as in `StageRewardModelRequest`.
   */
  'requester': (string);
}
