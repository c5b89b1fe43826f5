// From proto/metaapo/common/v1/common.proto

import type { Conversation as _metaapo_common_v1_Conversation, Conversation__Output as _metaapo_common_v1_Conversation__Output } from '../../../metaapo/common/v1/Conversation.js';
import type { TokenIds as _metaapo_common_v1_TokenIds, TokenIds__Output as _metaapo_common_v1_TokenIds__Output } from '../../../metaapo/common/v1/TokenIds.js';

/**
 * Is what a response answers.
 */
export interface Prompt {
  /**
   * A chat; rendered with the model's chat template and a generation prompt, no special tokens added after.
   */
  'conversation'?: (_metaapo_common_v1_Conversation | null);
  /**
   * Plain text, encoded as the tokenizer encodes by default, with its special tokens.
   */
  'text'?: (string);
  /**
   * Token ids, used as they are.
   */
  'tokenIds'?: (_metaapo_common_v1_TokenIds | null);
  /**
   * Required. Exactly one form.
   */
  'form'?: "conversation"|"text"|"tokenIds";
}

/**
 * Is what a response answers.
 */
export interface Prompt__Output {
  /**
   * A chat; rendered with the model's chat template and a generation prompt, no special tokens added after.
   */
  'conversation'?: (_metaapo_common_v1_Conversation__Output | null);
  /**
   * Plain text, encoded as the tokenizer encodes by default, with its special tokens.
   */
  'text'?: (string);
  /**
   * Token ids, used as they are.
   */
  'tokenIds'?: (_metaapo_common_v1_TokenIds__Output | null);
  /**
   * Required. Exactly one form.
   */
  'form'?: "conversation"|"text"|"tokenIds";
}
