/** @file Why no gradient is computed. */
import { AppError, type FieldProblem, type HasFieldProblems, type StatusName } from '#core';

/** Thrown when the loss or its weights are not defined as asked. Maps to INVALID_ARGUMENT. */
export class ObjectiveInvalidError extends AppError implements HasFieldProblems {
  readonly code = 'OBJECTIVE_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(readonly fieldProblems: readonly FieldProblem[]) {
    super(fieldProblems.map(({ field, description }) => `${field}: ${description}`).join('; '), {
      facts: { fieldCount: fieldProblems.length },
    });
  }
}

/** Thrown when the policy to differentiate is the base, which never changes. Maps to FAILED_PRECONDITION. */
export class PolicyNotTrainableError extends AppError {
  readonly code = 'POLICY_NOT_TRAINABLE';
  readonly status = 'FAILED_PRECONDITION';

  constructor() {
    super('Expected the digest of a resident adapter as policy, got the base; put an adapter first and name it');
  }
}

/** Thrown when an item cannot be encoded: a gradient over fewer items would be another gradient. Keeps the reason. */
export class ItemInvalidError extends AppError implements HasFieldProblems {
  readonly code: string;
  readonly status: StatusName;
  readonly fieldProblems: readonly FieldProblem[];

  constructor(
    readonly itemId: string,
    field: string,
    reason: AppError,
  ) {
    super(`Item ${JSON.stringify(itemId)}, ${field}: ${reason.message}`, {
      facts: { ...reason.facts, itemId, field },
      cause: reason,
    });
    this.code = reason.code;
    this.status = reason.status;
    this.fieldProblems = [{ field, description: reason.message }];
  }
}
