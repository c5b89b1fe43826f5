/** @file Why a reward model is not trained. */
import { AppError, messageOf } from '#core';

/** Thrown for a model without a padding token: nothing tells where the head reads in a batch. Maps to FAILED_PRECONDITION. */
export class PadTokenMissingError extends AppError {
  readonly code = 'PAD_TOKEN_MISSING';
  readonly status = 'FAILED_PRECONDITION';

  constructor(model: string, eosToken: string) {
    super(
      `${model} names no padding token, and a reward model reads the last token that is none. ` +
        `Name one with model.pad_token: one that texts do not hold, or as TRL does the end token ${JSON.stringify(eosToken)}`,
      { facts: { model, eosToken } },
    );
  }
}

/** Thrown for a padding token that the vocabulary has not. Maps to INVALID_ARGUMENT. */
export class PadTokenUnknownError extends AppError {
  readonly code = 'PAD_TOKEN_UNKNOWN';
  readonly status = 'INVALID_ARGUMENT';

  constructor(model: string, padToken: string) {
    super(
      `model.pad_token: expected one token of the vocabulary of ${model}, got ${JSON.stringify(padToken)}, which is none`,
      { facts: { model, padToken } },
    );
  }
}

/** Thrown when nothing is left to learn from or to be measured by. Maps to INVALID_ARGUMENT. */
export class PairsMissingError extends AppError {
  readonly code = 'REWARD_PAIRS_MISSING';
  readonly status = 'INVALID_ARGUMENT';

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`, { facts: { path } });
  }
}

/** Thrown for a pair that the tokenizer or the chat template refuses, beyond the bad rows allowed. Maps to INVALID_ARGUMENT. */
export class PairUnusableError extends AppError {
  readonly code = 'REWARD_PAIR_UNUSABLE';
  readonly status = 'INVALID_ARGUMENT';

  constructor(path: string, rowId: string, unusableCount: number, cause: unknown) {
    super(
      `${path}: ${unusableCount} pairs cannot be written as the chat template has it, first ${rowId}: ${messageOf(cause)}. ` +
        'Give another template with model.chat_template_path, or allow bad rows with data.max_bad_rows',
      { facts: { path, rowId, unusableCount }, cause },
    );
  }
}

/** Thrown when some pairs say how far apart they shall be and others do not. Maps to INVALID_ARGUMENT. */
export class MarginsIncompleteError extends AppError {
  readonly code = 'REWARD_MARGINS_INCOMPLETE';
  readonly status = 'INVALID_ARGUMENT';

  constructor(path: string, column: string, counts: { readonly withMargin: number; readonly pairs: number }) {
    super(
      `${path}: expected every pair to have ${column}, or none, got ${counts.withMargin} of ${counts.pairs}. ` +
        'Complete the column, or set data.margin_column: null',
      { facts: { path, column, ...counts } },
    );
  }
}

/** Thrown when a training that is gone on with would read other things than it began with. Maps to FAILED_PRECONDITION. */
export class TrainingInputsChangedError extends AppError {
  readonly code = 'REWARD_TRAINING_CHANGED';
  readonly status = 'FAILED_PRECONDITION';

  constructor(runDirectory: string, changed: readonly string[]) {
    super(
      `The training in ${runDirectory} was begun with another ${changed.join(', ')}. ` +
        'Restore what it was, or give another directory with --run-dir',
      { facts: { runDirectory, changed: changed.join(',') } },
    );
  }
}

/** Thrown for a checkpoint that is not what a training writes. Maps to DATA_LOSS. */
export class TrainingCheckpointDamagedError extends AppError {
  readonly code = 'REWARD_CHECKPOINT_DAMAGED';
  readonly status = 'DATA_LOSS';

  constructor(path: string, problem: string, cause?: unknown) {
    super(`${path}: ${problem}. Begin again in another directory with --run-dir`, { facts: { path }, cause });
  }
}

/** Leaves a training that was asked to stop; what it had done is kept. Never seen by users. */
export class TrainingStopped extends Error {
  override readonly name = 'TrainingStopped';
}

/** Thrown when the chat template that the configuration names cannot be read. Maps to INVALID_ARGUMENT. */
export class ChatTemplateUnreadableError extends AppError {
  readonly code = 'CHAT_TEMPLATE_UNREADABLE';
  readonly status = 'INVALID_ARGUMENT';

  constructor(path: string, problem: string, cause: unknown) {
    super(`model.chat_template_path: expected a Jinja file, got ${path}: ${problem}`, { facts: { path }, cause });
  }
}
