/** @file From what callers send to what backends score, with the reason where that is not possible. */
import { type AppError, RequestInvalidError } from '#core';
import type { ChatMessage, PromptText, ScoreRequest } from './reward-backend.js';
import { ResponseEmptyError, TextMalformedError, TokenIdsUnsupportedError } from './reward.errors.js';

/** A prompt in one of the forms of the contract. */
export type PromptForm =
  | { readonly kind: 'conversation'; readonly messages: readonly ChatMessage[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'token_ids' }
  | { readonly kind: 'absent' };

/** A response in one of the forms of the contract. */
export type ResponseForm = (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'token_ids' }
  | { readonly kind: 'absent' }
) & { readonly truncated: boolean };

/** The value, or the reason why there is none. */
export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: AppError };

const refused = (error: AppError): { readonly ok: false; readonly error: AppError } => ({ ok: false, error });

/** A prompt as text, for backends without a tokenizer. */
export function promptText(prompt: PromptForm, backend: string): Checked<PromptText> {
  switch (prompt.kind) {
    case 'absent':
      return refused(RequestInvalidError.of('prompt', 'one of conversation, text', 'none'));
    case 'token_ids':
      return refused(new TokenIdsUnsupportedError('prompt', backend));
    case 'text':
      if (!prompt.text.isWellFormed()) return refused(new TextMalformedError('prompt.text'));
      return { ok: true, value: { messages: [], text: prompt.text } };
    case 'conversation':
      return conversationText(prompt.messages);
    default:
      return prompt satisfies never;
  }
}

function conversationText(messages: readonly ChatMessage[]): Checked<PromptText> {
  if (messages.length === 0) {
    return refused(RequestInvalidError.of('prompt.conversation.messages', 'at least one message', 'none'));
  }
  const malformed = messages.findIndex(({ role, content }) => !role.isWellFormed() || !content.isWellFormed());
  if (malformed >= 0) return refused(new TextMalformedError(`prompt.conversation.messages[${malformed}]`));
  return { ok: true, value: { messages, text: messages.map(({ content }) => content).join('\n') } };
}

/** A response with its prompt, for backends without a tokenizer. */
export function scoreRequest(prompt: PromptText, response: ResponseForm, backend: string): Checked<ScoreRequest> {
  switch (response.kind) {
    case 'token_ids':
      return refused(new TokenIdsUnsupportedError('response', backend));
    case 'absent':
      return refused(new ResponseEmptyError());
    case 'text': {
      const { text, truncated } = response;
      if (text === '') return refused(new ResponseEmptyError());
      if (!text.isWellFormed()) return refused(new TextMalformedError('response.text'));
      return { ok: true, value: { prompt, response: text, truncated } };
    }
    default:
      return response satisfies never;
  }
}
