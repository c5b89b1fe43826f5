// From proto/metaapo/reward/v1/reward.proto

import type { RewardModel as _metaapo_reward_v1_RewardModel, RewardModel__Output as _metaapo_reward_v1_RewardModel__Output } from '../../../metaapo/reward/v1/RewardModel.js';

/**
 * Response of `StartShadow`.
 */
export interface StartShadowResponse {
  /**
   * The shadowing model.
   */
  'rewardModel'?: (_metaapo_reward_v1_RewardModel | null);
}

/**
 * Response of `StartShadow`.
 */
export interface StartShadowResponse__Output {
  /**
   * The shadowing model.
   */
  'rewardModel': (_metaapo_reward_v1_RewardModel__Output | null);
}
