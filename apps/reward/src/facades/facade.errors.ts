/** @file What can be wrong with what the clients of other tools send, and with answering them. */
import { AppError, type FieldProblem, type HasFieldProblems } from '#core';
import type { HasHttpDetails, HasHttpStatus } from '#platform/http';

/** Thrown when a body has not the shape that its path asks for; all problems at once. Maps to INVALID_ARGUMENT. */
export class BodyInvalidError extends AppError implements HasFieldProblems {
  readonly code = 'REQUEST_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(
    what: string,
    readonly fieldProblems: readonly FieldProblem[],
  ) {
    const lines = fieldProblems.map(({ field, description }) => `${field}: ${description}`);
    super(`Expected ${what}. Correct: ${lines.join('; ')}`, { facts: { fieldCount: fieldProblems.length } });
  }
}

/** Thrown when a request names no reward model and the service cannot know which is meant. Maps to NOT_FOUND. */
export class RewardModelUnnamedError extends AppError {
  readonly code = 'REWARD_MODEL_UNKNOWN';
  readonly status = 'NOT_FOUND';

  constructor(known: readonly string[]) {
    super(
      `Expected the name of a reward model, got none; there are: ${known.join(', ')}. Put /models/{name} before the path, or set REWARD_HTTP_MODEL.`,
      { facts: { known: known.join(',') } },
    );
  }
}

/** Outcome of a text that holds prompt and response where it cannot be told where the response begins. Maps to INVALID_ARGUMENT. */
export class ResponseUnsplitError extends AppError {
  readonly code = 'RESPONSE_UNSPLIT';
  readonly status = 'INVALID_ARGUMENT';

  constructor(why: string) {
    super(
      `Expected to find where the response begins, but ${why}. Say how chats are marked up (chat=…), or score the text as a whole (unsplit=whole).`,
      { facts: { why } },
    );
  }
}

/** Outcome of a text that is not marked up as the request says. Maps to INVALID_ARGUMENT. */
export class ChatFormatMismatchError extends AppError {
  readonly code = 'CHAT_FORMAT_MISMATCH';
  readonly status = 'INVALID_ARGUMENT';

  constructor(format: string, got: string) {
    super(
      `Expected a chat rendered as ${format}, got a text that begins ${JSON.stringify(got)}. Name the format that it has, or none.`,
      { facts: { format } },
    );
  }
}

/** One item that has no score. */
export interface ItemProblem {
  /** Its place among the items of the request, from 0. */
  readonly index: number;
  /** Where it stands in the request, for instance `query[3]`. */
  readonly field: string;
  readonly error: AppError;
}

const ITEMS_TOLD_MAX = 100;
const ITEMS_IN_MESSAGE_MAX = 4;

abstract class ItemsError extends AppError implements HasFieldProblems, HasHttpDetails {
  readonly fieldProblems: readonly FieldProblem[];
  readonly httpDetails: Readonly<Record<string, unknown>>;

  constructor(expected: string, remedy: string, problems: readonly ItemProblem[], itemCount: number) {
    super(`${expected}; ${problems.length} of ${itemCount} have none: ${linesOf(problems)}. ${remedy}`, {
      facts: { failedCount: problems.length, itemCount },
    });
    const told = problems.slice(0, ITEMS_TOLD_MAX);
    this.fieldProblems = told.map(({ field, error }) => ({ field, description: `${error.code}: ${error.message}` }));
    this.httpDetails = {
      items: told.map(({ index, error: { code, message } }) => ({ index, code, message })),
    };
  }
}

function linesOf(problems: readonly ItemProblem[]): string {
  const lines = problems
    .slice(0, ITEMS_IN_MESSAGE_MAX)
    .map(({ field, error }) => `${field}: ${error.code}: ${error.message}`);
  return problems.length > lines.length
    ? `${lines.join('; ')}; and ${problems.length - lines.length} more`
    : lines.join('; ');
}

/**
 * Thrown when the reply has room for scores only and items cannot be scored as they were sent: repeating the request
 * changes nothing. Maps to INVALID_ARGUMENT, HTTP 422.
 */
export class ItemsRefusedError extends ItemsError implements HasHttpStatus {
  readonly code = 'ITEMS_REFUSED';
  readonly status = 'INVALID_ARGUMENT';
  readonly httpStatus = 422;

  constructor(problems: readonly ItemProblem[], itemCount: number) {
    super('Expected items that can all be scored', 'Correct or leave out the items named.', problems, itemCount);
  }
}

/** Thrown when the reply has room for scores only and the model failed on items. Maps to INTERNAL, HTTP 500. */
export class ItemsFailedError extends ItemsError {
  readonly code = 'ITEMS_FAILED';
  readonly status = 'INTERNAL';

  constructor(problems: readonly ItemProblem[], itemCount: number) {
    super(
      'Expected a score for every item',
      'Repeat the request; if it stays, mend the reward model.',
      problems,
      itemCount,
    );
  }
}

/** Thrown when tensors of the Open Inference Protocol are not those that are asked for. Maps to INVALID_ARGUMENT. */
export class TensorsInvalidError extends AppError implements HasFieldProblems {
  readonly code = 'TENSORS_INVALID';
  readonly status = 'INVALID_ARGUMENT';
  readonly fieldProblems: readonly FieldProblem[];

  constructor(field: string, expected: string, got: string) {
    super(`${field}: expected ${expected}, got ${got}. ModelMetadata describes the tensors.`, { facts: { field } });
    this.fieldProblems = [{ field, description: `expected ${expected}, got ${got}` }];
  }
}
