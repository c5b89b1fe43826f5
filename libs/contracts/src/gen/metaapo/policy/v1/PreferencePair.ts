// From proto/metaapo/policy/v1/policy.proto

import type { Response as _metaapo_common_v1_Response, Response__Output as _metaapo_common_v1_Response__Output } from '../../../metaapo/common/v1/Response.js';

/**
 * Is a preferred and a dispreferred response to one prompt.
 */
export interface PreferencePair {
  /**
   * Required. Preferred.
   */
  'chosen'?: (_metaapo_common_v1_Response | null);
  /**
   * Required. Dispreferred.
   */
  'rejected'?: (_metaapo_common_v1_Response | null);
}

/**
 * Is a preferred and a dispreferred response to one prompt.
 */
export interface PreferencePair__Output {
  /**
   * Required. Preferred.
   */
  'chosen': (_metaapo_common_v1_Response__Output | null);
  /**
   * Required. Dispreferred.
   */
  'rejected': (_metaapo_common_v1_Response__Output | null);
}
