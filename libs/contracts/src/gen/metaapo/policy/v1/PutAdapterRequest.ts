// From proto/metaapo/policy/v1/policy.proto

import type { PutAdapterHeader as _metaapo_policy_v1_PutAdapterHeader, PutAdapterHeader__Output as _metaapo_policy_v1_PutAdapterHeader__Output } from '../../../metaapo/policy/v1/PutAdapterHeader.js';
import type { TensorChunk as _metaapo_policy_v1_TensorChunk, TensorChunk__Output as _metaapo_policy_v1_TensorChunk__Output } from '../../../metaapo/policy/v1/TensorChunk.js';

/**
 * Message of the `PutAdapter` stream.
 */
export interface PutAdapterRequest {
  /**
   * Announces the adapter; the first message.
   */
  'header'?: (_metaapo_policy_v1_PutAdapterHeader | null);
  /**
   * A piece of a tensor.
   */
  'chunk'?: (_metaapo_policy_v1_TensorChunk | null);
  /**
   * Exactly one.
   */
  'part'?: "header"|"chunk";
}

/**
 * Message of the `PutAdapter` stream.
 */
export interface PutAdapterRequest__Output {
  /**
   * Announces the adapter; the first message.
   */
  'header'?: (_metaapo_policy_v1_PutAdapterHeader__Output | null);
  /**
   * A piece of a tensor.
   */
  'chunk'?: (_metaapo_policy_v1_TensorChunk__Output | null);
  /**
   * Exactly one.
   */
  'part'?: "header"|"chunk";
}
