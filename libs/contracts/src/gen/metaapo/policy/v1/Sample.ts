// From proto/metaapo/policy/v1/policy.proto

import type { TokenIds as _metaapo_common_v1_TokenIds, TokenIds__Output as _metaapo_common_v1_TokenIds__Output } from '../../../metaapo/common/v1/TokenIds.js';
import type { FinishReason as _metaapo_policy_v1_FinishReason, FinishReason__Output as _metaapo_policy_v1_FinishReason__Output } from '../../../metaapo/policy/v1/FinishReason.js';

/**
 * Is one finished sample.
 */
export interface Sample {
  /**
   * Item it belongs to.
   */
  'itemId'?: (string);
  /**
   * Index among the item's samples, from 0.
   */
  'sampleIndex'?: (number);
  /**
   * New token ids, the end token excluded.
   */
  'tokenIds'?: (_metaapo_common_v1_TokenIds | null);
  /**
   * Decoded text, special tokens removed.
   */
  'text'?: (string);
  /**
   * Sum of natural-log probabilities of the new tokens and, when `finish_reason` is STOP_TOKEN, of the end token. Raw:
   * temperature 1, no truncation. Of the model that the tokens were drawn from, which is 8-bit where `decode_precision`
   * says so: for looking at. Losses use `ScoreResponses` and `ComputeGradient`, which are float32.
   */
  'logProbSum'?: (number | string);
  /**
   * Why it ended.
   */
  'finishReason'?: (_metaapo_policy_v1_FinishReason);
}

/**
 * Is one finished sample.
 */
export interface Sample__Output {
  /**
   * Item it belongs to.
   */
  'itemId': (string);
  /**
   * Index among the item's samples, from 0.
   */
  'sampleIndex': (number);
  /**
   * New token ids, the end token excluded.
   */
  'tokenIds': (_metaapo_common_v1_TokenIds__Output | null);
  /**
   * Decoded text, special tokens removed.
   */
  'text': (string);
  /**
   * Sum of natural-log probabilities of the new tokens and, when `finish_reason` is STOP_TOKEN, of the end token. Raw:
   * temperature 1, no truncation. Of the model that the tokens were drawn from, which is 8-bit where `decode_precision`
   * says so: for looking at. Losses use `ScoreResponses` and `ComputeGradient`, which are float32.
   */
  'logProbSum': (number);
  /**
   * Why it ended.
   */
  'finishReason': (_metaapo_policy_v1_FinishReason__Output);
}
