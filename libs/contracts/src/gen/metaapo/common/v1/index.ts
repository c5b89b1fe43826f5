// From proto/metaapo/common/v1

export type { ChatMessage, ChatMessage__Output } from './ChatMessage.js';
export type { Conversation, Conversation__Output } from './Conversation.js';
export { DataType, type DataType__Output } from './DataType.js';
export type { ItemStatus, ItemStatus__Output } from './ItemStatus.js';
export type { Prompt, Prompt__Output } from './Prompt.js';
export type { Response, Response__Output } from './Response.js';
export type { Tensor, Tensor__Output } from './Tensor.js';
export type { Timing, Timing__Output } from './Timing.js';
export type { TokenIds, TokenIds__Output } from './TokenIds.js';
