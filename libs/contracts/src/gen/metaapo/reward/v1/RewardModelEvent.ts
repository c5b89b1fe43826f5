// From proto/metaapo/reward/v1/reward.proto

import type { RewardModelEventKind as _metaapo_reward_v1_RewardModelEventKind, RewardModelEventKind__Output as _metaapo_reward_v1_RewardModelEventKind__Output } from '../../../metaapo/reward/v1/RewardModelEventKind.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../google/protobuf/Timestamp.js';
import type { SwapReport as _metaapo_reward_v1_SwapReport, SwapReport__Output as _metaapo_reward_v1_SwapReport__Output } from '../../../metaapo/reward/v1/SwapReport.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Is something that happened to a name.
 */
export interface RewardModelEvent {
  /**
   * What happened.
   */
  'kind'?: (_metaapo_reward_v1_RewardModelEventKind);
  /**
   * When.
   */
  'eventTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Epoch that it concerns: the one that began, or the one that was retired; 0 of a staged model.
   */
  'epoch'?: (number | string | Long);
  /**
   * `weights_digest` of the model that it concerns; empty where none was loaded.
   */
  'weightsDigest'?: (string);
  /**
   * What was loaded, as in `StageRewardModelRequest`.
   */
  'specJson'?: (string);
  /**
   * Who asked; empty where nobody said, or the service did it by itself.
   */
  'requester'?: (string);
  /**
   * Why, as the caller or the service gave it.
   */
  'reason'?: (string);
  /**
   * True of a promotion that was forced.
   */
  'forced'?: (boolean);
  /**
   * Of a promotion: the report that it rests on, without texts. Absent where there was none.
   */
  'report'?: (_metaapo_reward_v1_SwapReport | null);
  /**
   * Of a promotion: the service's limits at that time as JSON; empty where it had none.
   */
  'swapLimitsJson'?: (string);
  /**
   * Id of the request that asked for it.
   */
  'requestId'?: (string);
}

/**
 * Is something that happened to a name.
 */
export interface RewardModelEvent__Output {
  /**
   * What happened.
   */
  'kind': (_metaapo_reward_v1_RewardModelEventKind__Output);
  /**
   * When.
   */
  'eventTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Epoch that it concerns: the one that began, or the one that was retired; 0 of a staged model.
   */
  'epoch': (string);
  /**
   * `weights_digest` of the model that it concerns; empty where none was loaded.
   */
  'weightsDigest': (string);
  /**
   * What was loaded, as in `StageRewardModelRequest`.
   */
  'specJson': (string);
  /**
   * Who asked; empty where nobody said, or the service did it by itself.
   */
  'requester': (string);
  /**
   * Why, as the caller or the service gave it.
   */
  'reason': (string);
  /**
   * True of a promotion that was forced.
   */
  'forced': (boolean);
  /**
   * Of a promotion: the report that it rests on, without texts. Absent where there was none.
   */
  'report': (_metaapo_reward_v1_SwapReport__Output | null);
  /**
   * Of a promotion: the service's limits at that time as JSON; empty where it had none.
   */
  'swapLimitsJson': (string);
  /**
   * Id of the request that asked for it.
   */
  'requestId': (string);
}
