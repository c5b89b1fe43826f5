/** @file Why a text or a tokenizer is refused. Items fail by these; their neighbours do not. */
import { AppError } from '#core';

/** Thrown when a prompt has no form that a model could answer. Maps to INVALID_ARGUMENT. */
export class PromptInvalidError extends AppError {
  readonly code = 'PROMPT_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(problem: string) {
    super(`Prompt: ${problem}`);
  }
}

/** Thrown for a response without a token of its own. Maps to INVALID_ARGUMENT. */
export class ResponseEmptyError extends AppError {
  readonly code = 'RESPONSE_EMPTY';
  readonly status = 'INVALID_ARGUMENT';

  constructor() {
    super('Response: expected at least one token before the end token, got none');
  }
}

/** Thrown for text that is not Unicode, or that would smuggle in control tokens. Maps to INVALID_ARGUMENT. */
export class TextMalformedError extends AppError {
  readonly code = 'TEXT_MALFORMED';
  readonly status = 'INVALID_ARGUMENT';

  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`, { facts: { where } });
  }
}

/** Thrown for a token id that the model has no row for. Maps to INVALID_ARGUMENT. */
export class TokenOutOfRangeError extends AppError {
  readonly code = 'TOKEN_OUT_OF_RANGE';
  readonly status = 'INVALID_ARGUMENT';

  constructor(where: string, at: { readonly index: number; readonly id: number; readonly vocabularySize: number }) {
    super(`${where}: token id ${at.id} at position ${at.index}; expected a whole number in [0, ${at.vocabularySize})`, {
      facts: { where, ...at },
    });
  }
}

/** Thrown when the chat template rejects a conversation, or breaks on it. Maps to INVALID_ARGUMENT. */
export class ChatTemplateFailedError extends AppError {
  readonly code = 'CHAT_TEMPLATE_FAILED';
  readonly status = 'INVALID_ARGUMENT';

  constructor(
    /** What the template itself said. */
    readonly templateMessage: string,
    cause: unknown,
  ) {
    super(`The chat template cannot render the conversation: ${templateMessage}`, { cause });
  }
}

/** Thrown when a chat template does not come to an end, or to one of any use. Maps to INVALID_ARGUMENT. */
export class TemplateBoundExceededError extends AppError {
  readonly code = 'CHAT_TEMPLATE_UNBOUNDED';
  readonly status = 'INVALID_ARGUMENT';

  constructor(what: 'steps' | 'size', limit: number) {
    const done = what === 'steps' ? `takes more than ${limit} steps` : `makes a value larger than ${limit} units`;
    super(`The chat template ${done}: it loops, or the conversation is beyond any model`, { facts: { what, limit } });
  }
}

/** Thrown when a conversation meets a model without a chat template. Maps to FAILED_PRECONDITION. */
export class ChatTemplateMissingError extends AppError {
  readonly code = 'CHAT_TEMPLATE_MISSING';
  readonly status = 'FAILED_PRECONDITION';

  constructor(dir: string) {
    super(
      `${dir} has no chat template (chat_template.jinja, or chat_template in tokenizer_config.json): send prompts as plain text`,
      { facts: { dir } },
    );
  }
}

/** Thrown when tokenizer files are missing or broken. Maps to INVALID_ARGUMENT. */
export class TokenizerInvalidError extends AppError {
  readonly code = 'TOKENIZER_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(path: string, problem: string, cause?: unknown) {
    super(`${path}: ${problem}`, { facts: { path }, ...(cause === undefined ? {} : { cause }) });
  }
}
