// From proto/metaapo/policy/v1/policy.proto

import type { Adapter as _metaapo_policy_v1_Adapter, Adapter__Output as _metaapo_policy_v1_Adapter__Output } from '../../../metaapo/policy/v1/Adapter.js';

/**
 * Response of `PutAdapter`.
 */
export interface PutAdapterResponse {
  /**
   * The adapter as held now.
   */
  'adapter'?: (_metaapo_policy_v1_Adapter | null);
  /**
   * True when it was resident before.
   */
  'alreadyResident'?: (boolean);
}

/**
 * Response of `PutAdapter`.
 */
export interface PutAdapterResponse__Output {
  /**
   * The adapter as held now.
   */
  'adapter': (_metaapo_policy_v1_Adapter__Output | null);
  /**
   * True when it was resident before.
   */
  'alreadyResident': (boolean);
}
