// From proto/metaapo/reward/v1/reward.proto

import type { RewardModelVersion as _metaapo_reward_v1_RewardModelVersion, RewardModelVersion__Output as _metaapo_reward_v1_RewardModelVersion__Output } from '../../../metaapo/reward/v1/RewardModelVersion.js';
import type { RewardModelEvent as _metaapo_reward_v1_RewardModelEvent, RewardModelEvent__Output as _metaapo_reward_v1_RewardModelEvent__Output } from '../../../metaapo/reward/v1/RewardModelEvent.js';

/**
 * Response of `ListRewardModelVersions`.
 */
export interface ListRewardModelVersionsResponse {
  /**
   * The model in service, the staged one if there is one, then warm epochs, newest first.
   */
  'versions'?: (_metaapo_reward_v1_RewardModelVersion)[];
  /**
   * What happened, oldest first.
   */
  'events'?: (_metaapo_reward_v1_RewardModelEvent)[];
  /**
   * The service's limits of swaps as JSON (REWARD_SWAP_LIMITS); empty where it has none.
   */
  'swapLimitsJson'?: (string);
  /**
   * True when all of this outlives a restart of the service (REWARD_STATE_PATH).
   */
  'stateDurable'?: (boolean);
}

/**
 * Response of `ListRewardModelVersions`.
 */
export interface ListRewardModelVersionsResponse__Output {
  /**
   * The model in service, the staged one if there is one, then warm epochs, newest first.
   */
  'versions': (_metaapo_reward_v1_RewardModelVersion__Output)[];
  /**
   * What happened, oldest first.
   */
  'events': (_metaapo_reward_v1_RewardModelEvent__Output)[];
  /**
   * The service's limits of swaps as JSON (REWARD_SWAP_LIMITS); empty where it has none.
   */
  'swapLimitsJson': (string);
  /**
   * True when all of this outlives a restart of the service (REWARD_STATE_PATH).
   */
  'stateDurable': (boolean);
}
