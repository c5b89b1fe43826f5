// From proto/metaapo/reward/v1/reward.proto

import type { RewardModel as _metaapo_reward_v1_RewardModel, RewardModel__Output as _metaapo_reward_v1_RewardModel__Output } from '../../../metaapo/reward/v1/RewardModel.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Is a model in one slot of a name.
 */
export interface RewardModelVersion {
  /**
   * The model, with its state and what its scores carry.
   */
  'rewardModel'?: (_metaapo_reward_v1_RewardModel | null);
  /**
   * What was loaded, as in `StageRewardModelRequest`.
   */
  'specJson'?: (string);
  /**
   * Calls that it is answering.
   */
  'activeCallCount'?: (number | string | Long);
  /**
   * Responses that it was given since the service started, or since it was staged.
   */
  'responseCount'?: (number | string | Long);
  /**
   * True when its scores may cost something outside of this service.
   */
  'mayBill'?: (boolean);
  /**
   * Of a shadowing model: the share of live items that it scores too.
   */
  'trafficFraction'?: (number | string);
  /**
   * Of a shadowing model: responses of live traffic that both models scored and that are at hand for a report.
   */
  'shadowResponseCount'?: (number | string | Long);
  /**
   * Of a shadowing model: responses of live traffic that it was not asked for, since it could not keep up.
   */
  'shadowDroppedCount'?: (number | string | Long);
  /**
   * Of a shadowing model: responses of live traffic that it failed on.
   */
  'shadowFailedCount'?: (number | string | Long);
}

/**
 * Is a model in one slot of a name.
 */
export interface RewardModelVersion__Output {
  /**
   * The model, with its state and what its scores carry.
   */
  'rewardModel': (_metaapo_reward_v1_RewardModel__Output | null);
  /**
   * What was loaded, as in `StageRewardModelRequest`.
   */
  'specJson': (string);
  /**
   * Calls that it is answering.
   */
  'activeCallCount': (string);
  /**
   * Responses that it was given since the service started, or since it was staged.
   */
  'responseCount': (string);
  /**
   * True when its scores may cost something outside of this service.
   */
  'mayBill': (boolean);
  /**
   * Of a shadowing model: the share of live items that it scores too.
   */
  'trafficFraction': (number);
  /**
   * Of a shadowing model: responses of live traffic that both models scored and that are at hand for a report.
   */
  'shadowResponseCount': (string);
  /**
   * Of a shadowing model: responses of live traffic that it was not asked for, since it could not keep up.
   */
  'shadowDroppedCount': (string);
  /**
   * Of a shadowing model: responses of live traffic that it failed on.
   */
  'shadowFailedCount': (string);
}
