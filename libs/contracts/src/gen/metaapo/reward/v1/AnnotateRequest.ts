// From proto/metaapo/reward/v1/reward.proto

import type { AnnotateItem as _metaapo_reward_v1_AnnotateItem, AnnotateItem__Output as _metaapo_reward_v1_AnnotateItem__Output } from '../../../metaapo/reward/v1/AnnotateItem.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Request for `Annotate`.
 */
export interface AnnotateRequest {
  /**
   * Identifies the request, so that a repetition is known as such and costs nothing. Any string up to 128 characters.
   * Empty: the request is one of its own, and its work ends when its caller leaves. With content other than it came with
   * before: `REQUEST_INVALID`.
   */
  'requestId'?: (string);
  /**
   * Required. Name of the reward model.
   */
  'rewardModel'?: (string);
  /**
   * Epoch the caller insists on: it answers while it is in service or warm, otherwise the call is refused. 0 accepts the
   * one in service.
   */
  'epoch'?: (number | string | Long);
  /**
   * Items, at least one.
   */
  'items'?: (_metaapo_reward_v1_AnnotateItem)[];
  /**
   * `weights_digest` of the provenance that the caller insists on beside the epoch; empty accepts any. Tells replicas apart
   * that were not promoted alike. Another one: `REWARD_EPOCH_MISMATCH`.
   */
  'weightsDigest'?: (string);
}

/**
 * Request for `Annotate`.
 */
export interface AnnotateRequest__Output {
  /**
   * Identifies the request, so that a repetition is known as such and costs nothing. Any string up to 128 characters.
   * Empty: the request is one of its own, and its work ends when its caller leaves. With content other than it came with
   * before: `REQUEST_INVALID`.
   */
  'requestId': (string);
  /**
   * Required. Name of the reward model.
   */
  'rewardModel': (string);
  /**
   * Epoch the caller insists on: it answers while it is in service or warm, otherwise the call is refused. 0 accepts the
   * one in service.
   */
  'epoch': (string);
  /**
   * Items, at least one.
   */
  'items': (_metaapo_reward_v1_AnnotateItem__Output)[];
  /**
   * `weights_digest` of the provenance that the caller insists on beside the epoch; empty accepts any. Tells replicas apart
   * that were not promoted alike. Another one: `REWARD_EPOCH_MISMATCH`.
   */
  'weightsDigest': (string);
}
