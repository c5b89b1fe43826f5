/** @file Why an item cannot be computed although its text can be encoded. */
import { AppError } from '#core';

/** Thrown when a sequence exceeds the model's context. Maps to INVALID_ARGUMENT; it is never cut. */
export class PromptTooLongError extends AppError {
  readonly code = 'PROMPT_TOO_LONG';
  readonly status = 'INVALID_ARGUMENT';

  constructor(
    readonly promptTokenCount: number,
    /** Of the response; for generation `max_new_tokens`. */
    readonly responseTokenCount: number,
    readonly contextTokensMax: number,
  ) {
    super(
      `Expected prompt and response to fit the context of ${contextTokensMax} tokens, ` +
        `got ${promptTokenCount} + ${responseTokenCount}; shorten one of them`,
      { facts: { promptTokenCount, responseTokenCount, contextTokensMax } },
    );
  }
}
