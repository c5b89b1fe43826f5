/**
 * @file From the prompts and responses of a request to token sequences that the model can take.
 *
 * Whatever is wrong with one item is thrown here, as the item's own error. Sequences that exceed the context are
 * refused, never cut: a cut prompt is another prompt.
 */
import type { Prompt__Output, Response__Output } from '#contracts/common';
import type { TokenSequence } from '#ml/engine';
import { PromptInvalidError, ResponseEmptyError, type ChatTokenizer } from '#ml/tokenizer';
import { PromptTooLongError } from './encoding.errors.js';

export interface ItemEncoderOptions {
  readonly tokenizer: ChatTokenizer;
  /** Most tokens of a prompt and a response together. */
  readonly contextTokensMax: number;
}

export class ItemEncoder {
  readonly #tokenizer: ChatTokenizer;
  readonly #contextTokensMax: number;

  constructor({ tokenizer, contextTokensMax }: ItemEncoderOptions) {
    this.#tokenizer = tokenizer;
    this.#contextTokensMax = contextTokensMax;
  }

  /**
   * A prompt that leaves room for what is to follow: `newTokensMax` when it is to be answered, one token when a response
   * is given.
   *
   * @throws `PROMPT_INVALID`, `PROMPT_TOO_LONG`, `TEXT_MALFORMED`, `TOKEN_OUT_OF_RANGE`, `CHAT_TEMPLATE_FAILED`,
   *   `CHAT_TEMPLATE_MISSING`
   */
  prompt(prompt: Prompt__Output | null, newTokensMax = 1): TokenSequence {
    const ids = this.#promptIds(prompt);
    if (ids.length + newTokensMax > this.#contextTokensMax) {
      throw new PromptTooLongError(ids.length, newTokensMax, this.#contextTokensMax);
    }
    return ids;
  }

  /**
   * A response to this prompt, with its end token unless it was truncated.
   *
   * @throws `RESPONSE_EMPTY`, `PROMPT_TOO_LONG`, `TEXT_MALFORMED`, `TOKEN_OUT_OF_RANGE`
   */
  response(response: Response__Output | null, prompt: TokenSequence): TokenSequence {
    const ids = this.#responseIds(response);
    if (prompt.length + ids.length > this.#contextTokensMax) {
      throw new PromptTooLongError(prompt.length, ids.length, this.#contextTokensMax);
    }
    return ids;
  }

  #promptIds(prompt: Prompt__Output | null): number[] {
    const { form, conversation, text = '', tokenIds } = prompt ?? {};
    switch (form) {
      case 'conversation':
        return this.#tokenizer.encodePrompt({ kind: 'conversation', messages: conversation?.messages ?? [] });
      case 'text':
        return this.#tokenizer.encodePrompt({ kind: 'text', text });
      case 'tokenIds':
        return this.#tokenizer.encodePrompt({ kind: 'token_ids', ids: tokenIds?.ids ?? [] });
      case undefined:
        throw new PromptInvalidError('expected a conversation, a text or token ids, got none of them');
      default:
        return form satisfies never;
    }
  }

  #responseIds(response: Response__Output | null): number[] {
    const { form, text = '', tokenIds, truncated = false } = response ?? {};
    switch (form) {
      case 'text':
        return this.#tokenizer.encodeResponse({ kind: 'text', text, truncated });
      case 'tokenIds':
        return this.#tokenizer.encodeResponse({ kind: 'token_ids', ids: tokenIds?.ids ?? [], truncated });
      case undefined:
        throw new ResponseEmptyError();
      default:
        return form satisfies never;
    }
  }
}
