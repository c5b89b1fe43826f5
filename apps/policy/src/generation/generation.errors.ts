/** @file Why nothing is generated. */
import { AppError, type FieldProblem, type HasFieldProblems } from '#core';

/** Thrown when tokens cannot be drawn as the request asks. Maps to INVALID_ARGUMENT. */
export class SamplingInvalidError extends AppError implements HasFieldProblems {
  readonly code = 'SAMPLING_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(readonly fieldProblems: readonly FieldProblem[]) {
    super(fieldProblems.map(({ field, description }) => `${field}: ${description}`).join('; '), {
      facts: { fieldCount: fieldProblems.length },
    });
  }
}
