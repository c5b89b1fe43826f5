/** @file Why a reward model cannot be opened, and why a response has no score. */
import { AppError } from '#core';

/** Thrown when a classifier's files contradict each other or its settings. Maps to INVALID_ARGUMENT. */
export class ClassifierInvalidError extends AppError {
  readonly code = 'CLASSIFIER_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`, { facts: { path } });
  }
}

/** Thrown when several labels could be the score, or the one named is none of them. Maps to INVALID_ARGUMENT. */
export class LabelNotChosenError extends AppError {
  readonly code = 'LABEL_NOT_CHOSEN';
  readonly status = 'INVALID_ARGUMENT';

  constructor(path: string, labels: readonly string[], got: string | number | undefined) {
    const chosen = got === undefined ? 'none is chosen' : `${JSON.stringify(got)} is none of them`;
    super(
      `${path} has ${labels.length} labels (${labels.join(', ')}) and ${chosen}: set "label" to the name or number of one`,
      { facts: { path, labels: labels.join(','), got: got ?? '' } },
    );
  }
}

/** Outcome of a response that exceeds the model's window together with its prompt. Maps to INVALID_ARGUMENT. */
export class RewardInputTooLongError extends AppError {
  readonly code = 'REWARD_INPUT_TOO_LONG';
  readonly status = 'INVALID_ARGUMENT';

  constructor(tokenCount: number, tokensMax: number) {
    super(
      `Prompt and response: expected at most ${tokensMax} tokens, got ${tokenCount}. Shorten them, or set "truncation" of the reward model to left or right.`,
      { facts: { tokenCount, tokensMax } },
    );
  }
}

/** Outcome of a response whose logit is NaN or infinite: it has no score. Maps to OUT_OF_RANGE. */
export class RewardLogitNotFiniteError extends AppError {
  readonly code = 'REWARD_NOT_FINITE';
  readonly status = 'OUT_OF_RANGE';

  constructor(label: string, value: number) {
    super(`Label ${label}: expected a finite logit, got ${value}: the model's weights overflow or hold NaN`, {
      facts: { label, value: String(value) },
    });
  }
}

/** Outcome of a response that the tokenizer broke on. Maps to INTERNAL. */
export class RewardInputFailedError extends AppError {
  readonly code = 'REWARD_INPUT_FAILED';
  readonly status = 'INTERNAL';

  constructor(reason: string, cause: unknown) {
    super(`Prompt and response could not be made into tokens: ${reason}`, { facts: { reason }, cause });
  }
}

/** Thrown when a reward model's thread ended: it ran out of memory, crashed, or was closed. Maps to UNAVAILABLE. */
export class RewardThreadEndedError extends AppError {
  readonly code = 'REWARD_THREAD_ENDED';
  readonly status = 'UNAVAILABLE';

  constructor(reason: string, cause?: unknown) {
    super(`The reward model's thread ended: ${reason}`, { facts: { reason }, cause });
  }
}
