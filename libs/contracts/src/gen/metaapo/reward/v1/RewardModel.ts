// From proto/metaapo/reward/v1/reward.proto

import type { RewardModelState as _metaapo_reward_v1_RewardModelState, RewardModelState__Output as _metaapo_reward_v1_RewardModelState__Output } from '../../../metaapo/reward/v1/RewardModelState.js';
import type { Provenance as _metaapo_reward_v1_Provenance, Provenance__Output as _metaapo_reward_v1_Provenance__Output } from '../../../metaapo/reward/v1/Provenance.js';

/**
 * Is a model behind a name.
 */
export interface RewardModel {
  /**
   * Name that callers use.
   */
  'rewardModel'?: (string);
  /**
   * Where it stands in its life.
   */
  'state'?: (_metaapo_reward_v1_RewardModelState);
  /**
   * What its scores carry.
   */
  'provenance'?: (_metaapo_reward_v1_Provenance | null);
  /**
   * Smallest score it can give; absent when unbounded or unknown.
   */
  'scoreMin'?: (number | string);
  /**
   * Largest score it can give; absent when unbounded or unknown.
   */
  'scoreMax'?: (number | string);
  '_scoreMin'?: "scoreMin";
  '_scoreMax'?: "scoreMax";
}

/**
 * Is a model behind a name.
 */
export interface RewardModel__Output {
  /**
   * Name that callers use.
   */
  'rewardModel': (string);
  /**
   * Where it stands in its life.
   */
  'state': (_metaapo_reward_v1_RewardModelState__Output);
  /**
   * What its scores carry.
   */
  'provenance': (_metaapo_reward_v1_Provenance__Output | null);
  /**
   * Smallest score it can give; absent when unbounded or unknown.
   */
  'scoreMin'?: (number);
  /**
   * Largest score it can give; absent when unbounded or unknown.
   */
  'scoreMax'?: (number);
  '_scoreMin'?: "scoreMin";
  '_scoreMax'?: "scoreMax";
}
