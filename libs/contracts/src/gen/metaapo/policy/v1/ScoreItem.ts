// From proto/metaapo/policy/v1/policy.proto

import type { Prompt as _metaapo_common_v1_Prompt, Prompt__Output as _metaapo_common_v1_Prompt__Output } from '../../../metaapo/common/v1/Prompt.js';
import type { Response as _metaapo_common_v1_Response, Response__Output as _metaapo_common_v1_Response__Output } from '../../../metaapo/common/v1/Response.js';

/**
 * Is one prompt with responses to score.
 */
export interface ScoreItem {
  /**
   * Required. Unique within the request.
   */
  'itemId'?: (string);
  /**
   * Required. Prompt the responses answer.
   */
  'prompt'?: (_metaapo_common_v1_Prompt | null);
  /**
   * Responses, at least one.
   */
  'responses'?: (_metaapo_common_v1_Response)[];
}

/**
 * Is one prompt with responses to score.
 */
export interface ScoreItem__Output {
  /**
   * Required. Unique within the request.
   */
  'itemId': (string);
  /**
   * Required. Prompt the responses answer.
   */
  'prompt': (_metaapo_common_v1_Prompt__Output | null);
  /**
   * Responses, at least one.
   */
  'responses': (_metaapo_common_v1_Response__Output)[];
}
