// From proto/metaapo/reward/v1/reward.proto

import type { RewardModel as _metaapo_reward_v1_RewardModel, RewardModel__Output as _metaapo_reward_v1_RewardModel__Output } from '../../../metaapo/reward/v1/RewardModel.js';

/**
 * Response of `StageRewardModel`.
 */
export interface StageRewardModelResponse {
  /**
   * The staged model.
   */
  'rewardModel'?: (_metaapo_reward_v1_RewardModel | null);
}

/**
 * Response of `StageRewardModel`.
 */
export interface StageRewardModelResponse__Output {
  /**
   * The staged model.
   */
  'rewardModel': (_metaapo_reward_v1_RewardModel__Output | null);
}
