// From proto/metaapo/policy/v1/policy.proto

import type { AdapterKind as _metaapo_policy_v1_AdapterKind, AdapterKind__Output as _metaapo_policy_v1_AdapterKind__Output } from '../../../metaapo/policy/v1/AdapterKind.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Is one adapter held in memory.
 */
export interface Adapter {
  /**
   * Digest of its content, `sha256:` and 64 hexadecimal digits.
   */
  'digest'?: (string);
  /**
   * How its tensors change the base.
   */
  'kind'?: (_metaapo_policy_v1_AdapterKind);
  /**
   * Memory it occupies, in bytes, merged weights included.
   */
  'residentBytes'?: (number | string | Long);
  /**
   * Number of trainable parameters.
   */
  'parameterCount'?: (number | string | Long);
}

/**
 * Is one adapter held in memory.
 */
export interface Adapter__Output {
  /**
   * Digest of its content, `sha256:` and 64 hexadecimal digits.
   */
  'digest': (string);
  /**
   * How its tensors change the base.
   */
  'kind': (_metaapo_policy_v1_AdapterKind__Output);
  /**
   * Memory it occupies, in bytes, merged weights included.
   */
  'residentBytes': (string);
  /**
   * Number of trainable parameters.
   */
  'parameterCount': (string);
}
