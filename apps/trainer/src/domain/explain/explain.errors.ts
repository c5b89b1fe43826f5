/** @file What can go wrong when a row is asked about. */
import { AppError } from '#core';

/** Thrown when the journal has nothing of a row. Maps to NOT_FOUND. */
export class RowUnknownError extends AppError {
  readonly code = 'ROW_UNKNOWN';
  readonly status = 'NOT_FOUND';

  /** `iterations` that have begun. */
  constructor(itemId: string, runId: string, iterations: number) {
    super(
      `Expected a row of the ${iterations} iterations that run ${runId} has begun, got ${JSON.stringify(itemId)}. Row ids ` +
        'stand in report.json under iterations[].gate[].itemId; a row of a later iteration is not known yet, and runs of ' +
        'earlier versions did not note their rows',
      { facts: { itemId, runId, iterations } },
    );
  }
}
