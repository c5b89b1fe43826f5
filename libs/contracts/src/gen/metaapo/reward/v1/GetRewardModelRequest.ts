// From proto/metaapo/reward/v1/reward.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Request for `GetRewardModel`.
 */
export interface GetRewardModelRequest {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel'?: (string);
  /**
   * Epoch to describe, in service or warm; 0 means the one in service.
   */
  'epoch'?: (number | string | Long);
}

/**
 * Request for `GetRewardModel`.
 */
export interface GetRewardModelRequest__Output {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel': (string);
  /**
   * Epoch to describe, in service or warm; 0 means the one in service.
   */
  'epoch': (string);
}
