/** @file The complaint about a request's fields, the same in every service. */
import { AppError } from './errors.js';

/** One field of a request that is wrong. */
export interface FieldProblem {
  /** Path from the request, for instance `items[3].prompt.text`. */
  readonly field: string;
  /** What was expected and what came. */
  readonly description: string;
}

/** An error that names fields; they travel as `google.rpc.BadRequest`. */
export interface HasFieldProblems {
  readonly fieldProblems: readonly FieldProblem[];
}

/** Thrown when fields of a request break the contract; all that were found at once. Maps to INVALID_ARGUMENT. */
export class RequestInvalidError extends AppError implements HasFieldProblems {
  readonly code = 'REQUEST_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(readonly fieldProblems: readonly FieldProblem[]) {
    const lines = fieldProblems.map(({ field, description }) => `${field}: ${description}`);
    super(`Expected a request as the .proto file describes it. Correct: ${lines.join('; ')}`, {
      facts: { fieldCount: fieldProblems.length },
    });
  }

  /** One field. */
  static of(field: string, expected: string, got: string): RequestInvalidError {
    return new RequestInvalidError([{ field, description: `expected ${expected}, got ${got}` }]);
  }
}
