// From proto/metaapo/reward/v1/reward.proto

import type { Prompt as _metaapo_common_v1_Prompt, Prompt__Output as _metaapo_common_v1_Prompt__Output } from '../../../metaapo/common/v1/Prompt.js';
import type { Response as _metaapo_common_v1_Response, Response__Output as _metaapo_common_v1_Response__Output } from '../../../metaapo/common/v1/Response.js';

/**
 * Is one prompt with responses to annotate.
 */
export interface AnnotateItem {
  /**
   * Required. Unique within the request.
   */
  'itemId'?: (string);
  /**
   * Required. Prompt the responses answer. Token ids are refused: they are of the policy's tokenizer.
   */
  'prompt'?: (_metaapo_common_v1_Prompt | null);
  /**
   * Responses, at least one, as text.
   */
  'responses'?: (_metaapo_common_v1_Response)[];
}

/**
 * Is one prompt with responses to annotate.
 */
export interface AnnotateItem__Output {
  /**
   * Required. Unique within the request.
   */
  'itemId': (string);
  /**
   * Required. Prompt the responses answer. Token ids are refused: they are of the policy's tokenizer.
   */
  'prompt': (_metaapo_common_v1_Prompt__Output | null);
  /**
   * Responses, at least one, as text.
   */
  'responses': (_metaapo_common_v1_Response__Output)[];
}
