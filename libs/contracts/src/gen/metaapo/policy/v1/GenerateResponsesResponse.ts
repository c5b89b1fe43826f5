// From proto/metaapo/policy/v1/policy.proto

import type { Sample as _metaapo_policy_v1_Sample, Sample__Output as _metaapo_policy_v1_Sample__Output } from '../../../metaapo/policy/v1/Sample.js';
import type { GenerateFailure as _metaapo_policy_v1_GenerateFailure, GenerateFailure__Output as _metaapo_policy_v1_GenerateFailure__Output } from '../../../metaapo/policy/v1/GenerateFailure.js';
import type { GenerationUsage as _metaapo_policy_v1_GenerationUsage, GenerationUsage__Output as _metaapo_policy_v1_GenerationUsage__Output } from '../../../metaapo/policy/v1/GenerationUsage.js';

/**
 * Message of the `GenerateResponses` stream.
 */
export interface GenerateResponsesResponse {
  /**
   * A finished sample.
   */
  'sample'?: (_metaapo_policy_v1_Sample | null);
  /**
   * An item that failed; sent instead of its samples.
   */
  'failure'?: (_metaapo_policy_v1_GenerateFailure | null);
  /**
   * Usage and timing; the last message.
   */
  'usage'?: (_metaapo_policy_v1_GenerationUsage | null);
  /**
   * Exactly one.
   */
  'event'?: "sample"|"failure"|"usage";
}

/**
 * Message of the `GenerateResponses` stream.
 */
export interface GenerateResponsesResponse__Output {
  /**
   * A finished sample.
   */
  'sample'?: (_metaapo_policy_v1_Sample__Output | null);
  /**
   * An item that failed; sent instead of its samples.
   */
  'failure'?: (_metaapo_policy_v1_GenerateFailure__Output | null);
  /**
   * Usage and timing; the last message.
   */
  'usage'?: (_metaapo_policy_v1_GenerationUsage__Output | null);
  /**
   * Exactly one.
   */
  'event'?: "sample"|"failure"|"usage";
}
