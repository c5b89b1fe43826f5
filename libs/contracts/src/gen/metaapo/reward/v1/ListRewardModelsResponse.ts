// From proto/metaapo/reward/v1/reward.proto

import type { RewardModel as _metaapo_reward_v1_RewardModel, RewardModel__Output as _metaapo_reward_v1_RewardModel__Output } from '../../../metaapo/reward/v1/RewardModel.js';

/**
 * Response of `ListRewardModels`.
 */
export interface ListRewardModelsResponse {
  /**
   * Models in service, sorted by name.
   */
  'rewardModels'?: (_metaapo_reward_v1_RewardModel)[];
  /**
   * Token of the next page; empty when this is the last.
   */
  'nextPageToken'?: (string);
  /**
   * True when epochs, staged and warm models outlive a restart of the service (REWARD_STATE_PATH).
   */
  'stateDurable'?: (boolean);
}

/**
 * Response of `ListRewardModels`.
 */
export interface ListRewardModelsResponse__Output {
  /**
   * Models in service, sorted by name.
   */
  'rewardModels': (_metaapo_reward_v1_RewardModel__Output)[];
  /**
   * Token of the next page; empty when this is the last.
   */
  'nextPageToken': (string);
  /**
   * True when epochs, staged and warm models outlive a restart of the service (REWARD_STATE_PATH).
   */
  'stateDurable': (boolean);
}
