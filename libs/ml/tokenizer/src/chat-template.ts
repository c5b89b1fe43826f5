/**
 * @file A model's chat template: conversation → text.
 *
 * Rendered as transformers does, trim_blocks and lstrip_blocks on (the library's own default; what it does otherwise than
 * Python is put right or refused in python-interpreter.ts), with one difference:
 * `strftime_now` is undefined, so that a prompt never depends on the day it is rendered. Templates that ask for the date
 * have a fixed fall-back for this.
 */
import { messageOf } from '#core';
import { renderBounded } from './bounded-interpreter.js';
import { Template, type TemplateNode } from './jinja-library.js';
import { ChatTemplateFailedError, TemplateBoundExceededError, TokenizerInvalidError } from './tokenizer.errors.js';

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

/** The longest templates in use have some twenty thousand characters. */
const SOURCE_CHARACTERS_MAX = 2 ** 20;

export class ChatTemplate {
  private readonly program: TemplateNode;

  constructor(
    source: string,
    private readonly specialTokens: Readonly<Record<string, string>>,
    dir: string,
  ) {
    if (source.length > SOURCE_CHARACTERS_MAX) {
      throw new TokenizerInvalidError(dir, `the chat template has more than ${SOURCE_CHARACTERS_MAX} characters`);
    }
    try {
      this.program = new Template(source).parsed;
    } catch (cause) {
      throw new TokenizerInvalidError(dir, `the chat template cannot be parsed: ${messageOf(cause)}`, cause);
    }
  }

  /** @throws ChatTemplateFailedError with the template's own message, TemplateBoundExceededError */
  render(messages: readonly ChatMessage[], { addGenerationPrompt, variables = {} }: RenderOptions): string {
    try {
      return renderBounded(this.program, {
        ...this.specialTokens,
        messages,
        add_generation_prompt: addGenerationPrompt,
        ...variables,
      });
    } catch (cause) {
      if (cause instanceof TemplateBoundExceededError) throw cause;
      throw new ChatTemplateFailedError(messageOf(cause), cause);
    }
  }
}
