// From proto/metaapo/reward/v1/reward.proto

import type { AnnotateItem as _metaapo_reward_v1_AnnotateItem, AnnotateItem__Output as _metaapo_reward_v1_AnnotateItem__Output } from '../../../metaapo/reward/v1/AnnotateItem.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Request for `GetSwapReport`.
 */
export interface GetSwapReportRequest {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel'?: (string);
  /**
   * Items that both models score for the report, for instance the last ones of a run's ledger; at most 10,000, each with at
   * most 1024 responses. Empty: shadowed traffic alone.
   */
  'items'?: (_metaapo_reward_v1_AnnotateItem)[];
  /**
   * True: shadowed traffic does not count, only the items of this request.
   */
  'ignoreShadow'?: (boolean);
  /**
   * True: both models may be asked although their scores may cost something outside of this service.
   */
  'allowCost'?: (boolean);
  /**
   * Seed of the intervals' resampling. Default 0.
   */
  'seed'?: (number | string | Long);
  /**
   * Most disagreements to return, in [0, 100]; 10 when absent.
   */
  'disagreementCountMax'?: (number);
  '_disagreementCountMax'?: "disagreementCountMax";
}

/**
 * Request for `GetSwapReport`.
 */
export interface GetSwapReportRequest__Output {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel': (string);
  /**
   * Items that both models score for the report, for instance the last ones of a run's ledger; at most 10,000, each with at
   * most 1024 responses. Empty: shadowed traffic alone.
   */
  'items': (_metaapo_reward_v1_AnnotateItem__Output)[];
  /**
   * True: shadowed traffic does not count, only the items of this request.
   */
  'ignoreShadow': (boolean);
  /**
   * True: both models may be asked although their scores may cost something outside of this service.
   */
  'allowCost': (boolean);
  /**
   * Seed of the intervals' resampling. Default 0.
   */
  'seed': (string);
  /**
   * Most disagreements to return, in [0, 100]; 10 when absent.
   */
  'disagreementCountMax'?: (number);
  '_disagreementCountMax'?: "disagreementCountMax";
}
