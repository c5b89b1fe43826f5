// From proto/metaapo/reward/v1/reward.proto

import type { RewardModel as _metaapo_reward_v1_RewardModel, RewardModel__Output as _metaapo_reward_v1_RewardModel__Output } from '../../../metaapo/reward/v1/RewardModel.js';

/**
 * Response of `PromoteRewardModel`.
 */
export interface PromoteRewardModelResponse {
  /**
   * The model now in service.
   */
  'rewardModel'?: (_metaapo_reward_v1_RewardModel | null);
}

/**
 * Response of `PromoteRewardModel`.
 */
export interface PromoteRewardModelResponse__Output {
  /**
   * The model now in service.
   */
  'rewardModel': (_metaapo_reward_v1_RewardModel__Output | null);
}
