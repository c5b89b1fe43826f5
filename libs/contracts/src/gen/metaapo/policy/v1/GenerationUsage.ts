// From proto/metaapo/policy/v1/policy.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../google/protobuf/Duration.js';
import type { Timing as _metaapo_common_v1_Timing, Timing__Output as _metaapo_common_v1_Timing__Output } from '../../../metaapo/common/v1/Timing.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Counts what a generation used.
 */
export interface GenerationUsage {
  /**
   * Prompt tokens, counted once per item.
   */
  'promptTokenCount'?: (number | string | Long);
  /**
   * New tokens of all samples, end tokens included.
   */
  'newTokenCount'?: (number | string | Long);
  /**
   * Decode steps run.
   */
  'decodeStepCount'?: (number | string | Long);
  /**
   * Time until the first token of the unit was drawn.
   */
  'timeToFirstToken'?: (_google_protobuf_Duration | null);
  /**
   * Where the time went.
   */
  'timing'?: (_metaapo_common_v1_Timing | null);
}

/**
 * Counts what a generation used.
 */
export interface GenerationUsage__Output {
  /**
   * Prompt tokens, counted once per item.
   */
  'promptTokenCount': (string);
  /**
   * New tokens of all samples, end tokens included.
   */
  'newTokenCount': (string);
  /**
   * Decode steps run.
   */
  'decodeStepCount': (string);
  /**
   * Time until the first token of the unit was drawn.
   */
  'timeToFirstToken': (_google_protobuf_Duration__Output | null);
  /**
   * Where the time went.
   */
  'timing': (_metaapo_common_v1_Timing__Output | null);
}
