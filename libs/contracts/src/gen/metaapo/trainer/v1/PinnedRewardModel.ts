// From proto/metaapo/trainer/v1/trainer.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../google/protobuf/Timestamp.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Is the reward model that units of one iteration ask for.
 */
export interface PinnedRewardModel {
  /**
   * Name.
   */
  'rewardModel'?: (string);
  /**
   * Epoch that was decided on.
   */
  'epoch'?: (number | string | Long);
  /**
   * Digest of the model.
   */
  'weightsDigest'?: (string);
  /**
   * When it was decided.
   */
  'decideTime'?: (_google_protobuf_Timestamp | null);
}

/**
 * Is the reward model that units of one iteration ask for.
 */
export interface PinnedRewardModel__Output {
  /**
   * Name.
   */
  'rewardModel': (string);
  /**
   * Epoch that was decided on.
   */
  'epoch': (string);
  /**
   * Digest of the model.
   */
  'weightsDigest': (string);
  /**
   * When it was decided.
   */
  'decideTime': (_google_protobuf_Timestamp__Output | null);
}
