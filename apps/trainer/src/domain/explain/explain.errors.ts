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
        'stand in report.json under iterations[].gate[].itemId; a row of a later iteration is not known yet',
      { facts: { itemId, runId, iterations } },
    );
  }
}

/** Thrown when an earlier version did the work on a row: it kept no notes of which rows its units held. Maps to FAILED_PRECONDITION. */
export class RowsNotNotedError extends AppError {
  readonly code = 'ROWS_NOT_NOTED';
  readonly status = 'FAILED_PRECONDITION';

  /** `iterations` without notes, from 0. */
  constructor(itemId: string, runId: string, iterations: readonly number[]) {
    const which = iterations.map((iteration) => iteration + 1).join(', ');
    super(
      `Expected the journal of run ${runId} to say which rows its units held, got none of that for iteration ${which}: a ` +
        `version of before such notes were kept has done them, so nothing can be told of ${JSON.stringify(itemId)}. What is ` +
        'known of its rows is in report.json, under iterations[].gate. Iterations that are still to come are noted when the ' +
        'run goes on; to have all of it, run the configuration once more into another directory',
      { facts: { itemId, runId, iterations: which } },
    );
  }
}
