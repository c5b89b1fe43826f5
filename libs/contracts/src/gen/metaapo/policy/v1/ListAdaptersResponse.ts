// From proto/metaapo/policy/v1/policy.proto

import type { Adapter as _metaapo_policy_v1_Adapter, Adapter__Output as _metaapo_policy_v1_Adapter__Output } from '../../../metaapo/policy/v1/Adapter.js';

/**
 * Response of `ListAdapters`.
 */
export interface ListAdaptersResponse {
  /**
   * Adapters, most recently used first.
   */
  'adapters'?: (_metaapo_policy_v1_Adapter)[];
  /**
   * Token of the next page; empty when this is the last.
   */
  'nextPageToken'?: (string);
}

/**
 * Response of `ListAdapters`.
 */
export interface ListAdaptersResponse__Output {
  /**
   * Adapters, most recently used first.
   */
  'adapters': (_metaapo_policy_v1_Adapter__Output)[];
  /**
   * Token of the next page; empty when this is the last.
   */
  'nextPageToken': (string);
}
