// From proto/metaapo/reward/v1/reward.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Request for `RetireRewardModel`.
 */
export interface RetireRewardModelRequest {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel'?: (string);
  /**
   * Identifies the request, as in `StageRewardModelRequest`.
   */
  'requestId'?: (string);
  /**
   * True: the staged model.
   */
  'staged'?: (boolean);
  /**
   * An earlier epoch, which is warm.
   */
  'epoch'?: (number | string | Long);
  /**
   * Why, for the history: free text of up to 1024 characters.
   */
  'reason'?: (string);
  /**
   * Who asks, as in `StageRewardModelRequest`.
   */
  'requester'?: (string);
  /**
   * Required. What is retired.
   */
  'target'?: "staged"|"epoch";
}

/**
 * Request for `RetireRewardModel`.
 */
export interface RetireRewardModelRequest__Output {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel': (string);
  /**
   * Identifies the request, as in `StageRewardModelRequest`.
   */
  'requestId': (string);
  /**
   * True: the staged model.
   */
  'staged'?: (boolean);
  /**
   * An earlier epoch, which is warm.
   */
  'epoch'?: (string);
  /**
   * Why, for the history: free text of up to 1024 characters.
   */
  'reason': (string);
  /**
   * Who asks, as in `StageRewardModelRequest`.
   */
  'requester': (string);
  /**
   * Required. What is retired.
   */
  'target'?: "staged"|"epoch";
}
