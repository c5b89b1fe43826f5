// From proto/metaapo/reward/v1/reward.proto

import type { RewardModel as _metaapo_reward_v1_RewardModel, RewardModel__Output as _metaapo_reward_v1_RewardModel__Output } from '../../../metaapo/reward/v1/RewardModel.js';

/**
 * Response of `RollbackRewardModel`.
 */
export interface RollbackRewardModelResponse {
  /**
   * The model now in service.
   */
  'rewardModel'?: (_metaapo_reward_v1_RewardModel | null);
}

/**
 * Response of `RollbackRewardModel`.
 */
export interface RollbackRewardModelResponse__Output {
  /**
   * The model now in service.
   */
  'rewardModel': (_metaapo_reward_v1_RewardModel__Output | null);
}
