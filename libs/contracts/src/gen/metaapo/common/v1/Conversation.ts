// From proto/metaapo/common/v1/common.proto

import type { ChatMessage as _metaapo_common_v1_ChatMessage, ChatMessage__Output as _metaapo_common_v1_ChatMessage__Output } from '../../../metaapo/common/v1/ChatMessage.js';

/**
 * Is a chat whose next turn is to be written by the policy.
 */
export interface Conversation {
  /**
   * Required. Turns, oldest first. At least one; the last one is not the assistant's.
   */
  'messages'?: (_metaapo_common_v1_ChatMessage)[];
}

/**
 * Is a chat whose next turn is to be written by the policy.
 */
export interface Conversation__Output {
  /**
   * Required. Turns, oldest first. At least one; the last one is not the assistant's.
   */
  'messages': (_metaapo_common_v1_ChatMessage__Output)[];
}
