// From proto/metaapo/policy/v1/policy.proto

import type { AdapterSpec as _metaapo_policy_v1_AdapterSpec, AdapterSpec__Output as _metaapo_policy_v1_AdapterSpec__Output } from '../../../metaapo/policy/v1/AdapterSpec.js';
import type { Tensor as _metaapo_common_v1_Tensor, Tensor__Output as _metaapo_common_v1_Tensor__Output } from '../../../metaapo/common/v1/Tensor.js';

/**
 * Announces an adapter.
 */
export interface PutAdapterHeader {
  /**
   * Required. Digest the content must have.
   */
  'digest'?: (string);
  /**
   * Required. How the tensors change the base.
   */
  'spec'?: (_metaapo_policy_v1_AdapterSpec | null);
  /**
   * Required. Names, dtypes and dims of the tensors that follow, without data, sorted by name.
   */
  'tensors'?: (_metaapo_common_v1_Tensor)[];
}

/**
 * Announces an adapter.
 */
export interface PutAdapterHeader__Output {
  /**
   * Required. Digest the content must have.
   */
  'digest': (string);
  /**
   * Required. How the tensors change the base.
   */
  'spec': (_metaapo_policy_v1_AdapterSpec__Output | null);
  /**
   * Required. Names, dtypes and dims of the tensors that follow, without data, sorted by name.
   */
  'tensors': (_metaapo_common_v1_Tensor__Output)[];
}
