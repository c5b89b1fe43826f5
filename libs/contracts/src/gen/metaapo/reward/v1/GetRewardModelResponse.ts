// From proto/metaapo/reward/v1/reward.proto

import type { RewardModel as _metaapo_reward_v1_RewardModel, RewardModel__Output as _metaapo_reward_v1_RewardModel__Output } from '../../../metaapo/reward/v1/RewardModel.js';

/**
 * Response of `GetRewardModel`.
 */
export interface GetRewardModelResponse {
  /**
   * The model in service under that name, or the epoch that was asked for.
   */
  'rewardModel'?: (_metaapo_reward_v1_RewardModel | null);
}

/**
 * Response of `GetRewardModel`.
 */
export interface GetRewardModelResponse__Output {
  /**
   * The model in service under that name, or the epoch that was asked for.
   */
  'rewardModel': (_metaapo_reward_v1_RewardModel__Output | null);
}
