/** @file How a budget ends a run. */
import { AppError } from '#core';
import type { ClosingReason } from '#report';

/** Thrown when the budget is spent and the configuration says to stop. Maps to FAILED_PRECONDITION. */
export class BudgetSpentError extends AppError {
  readonly code = 'BUDGET_SPENT';
  readonly status = 'FAILED_PRECONDITION';

  constructor(
    reason: ClosingReason | undefined,
    {
      spent,
      limit,
      iteration,
    }: { readonly spent: number; readonly limit: number | undefined; readonly iteration: number },
  ) {
    const key = reason === 'time' ? 'budget.seconds' : 'budget.annotations';
    super(
      `${key} is spent in iteration ${iteration + 1}: ${spent} annotations bought${limit === undefined ? '' : ` of ${limit}`}, ` +
        `and the next prompt does not fit. Raise ${key}, or set budget.on_limit to close_gate, and start the run again; ` +
        'finished work is kept',
      { facts: { key, spent, iteration, ...(limit !== undefined && { limit }) } },
    );
  }
}

/** Thrown at the start when the budget is to pay for an evaluation that alone exceeds it. Maps to INVALID_ARGUMENT. */
export class BudgetTooSmallError extends AppError {
  readonly code = 'CONFIG_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(limit: number, evaluationCost: number) {
    super(
      `budget.annotations: expected at least ${evaluationCost}, what the evaluations may cost, since ` +
        `budget.count_evaluation is true; got ${limit}. Raise it, evaluate fewer prompts, or do not count the evaluation`,
      { facts: { limit, evaluationCost } },
    );
  }
}
