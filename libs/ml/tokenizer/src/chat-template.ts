/**
 * @file A model's chat template: conversation → text.
 *
 * Rendered as transformers does, trim_blocks and lstrip_blocks on (the library's own default), with one difference:
 * `strftime_now` is undefined, so that a prompt never depends on the day it is rendered. Templates that ask for the date
 * have a fixed fall-back for this.
 */
import { Template } from '@huggingface/jinja';
import { messageOf } from '#core';
import { ChatTemplateFailedError, TokenizerInvalidError } from './tokenizer.errors.js';

/** One turn. Further fields (tool calls and the like) reach the template as they are. */
export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

export interface RenderOptions {
  /** End with the head of an assistant turn, ready to be answered. */
  readonly addGenerationPrompt: boolean;
  /** Further template variables, for instance `enable_thinking`. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** The library defines this function beyond the reach of `render`, so the template is made to ask for a name it lacks. */
const CURRENT_DATE = /\bstrftime_now\b/g;
const NO_DATE = 'no_current_date';

export class ChatTemplate {
  private readonly template: Template;

  constructor(
    source: string,
    private readonly specialTokens: Readonly<Record<string, string>>,
    dir: string,
  ) {
    try {
      this.template = new Template(source.replaceAll(CURRENT_DATE, NO_DATE));
    } catch (cause) {
      throw new TokenizerInvalidError(dir, `the chat template cannot be parsed: ${messageOf(cause)}`, cause);
    }
  }

  /** @throws ChatTemplateFailedError with the template's own message */
  render(messages: readonly ChatMessage[], { addGenerationPrompt, variables = {} }: RenderOptions): string {
    try {
      return this.template.render({
        ...this.specialTokens,
        messages,
        add_generation_prompt: addGenerationPrompt,
        ...variables,
      });
    } catch (cause) {
      throw new ChatTemplateFailedError(messageOf(cause), cause);
    }
  }
}
