/** @file Why a data file is refused as a whole, and the signal by which one row is. */
import { AppError, type ErrorFacts } from '#core';
import { REJECT_REASONS, type RejectReason, type RejectedLine } from './preference-row.js';

/** Rows that a message names. */
const NAMED_MAX = 10;

/** Thrown when a file cannot be used: unreadable, or with more bad rows than allowed. Maps to INVALID_ARGUMENT. */
export class DataInvalidError extends AppError {
  readonly code = 'DATA_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(message: string, options: { facts?: ErrorFacts; cause?: unknown } = {}) {
    super(message, options);
  }

  /** Names the first ten bad rows. */
  static forRows(path: string, rejected: readonly RejectedLine[], badRowsMax: number): DataInvalidError {
    const named = rejected
      .slice(0, NAMED_MAX)
      .map(({ line, reason, message }) => `  line ${line}: ${reason}: ${message}`);
    const more = rejected.length > NAMED_MAX ? [`  … and ${rejected.length - NAMED_MAX} more`] : [];
    const head = `${path}: ${rejected.length} bad rows, at most ${badRowsMax} are allowed; repair them or allow more`;
    return new DataInvalidError([head, ...named, ...more].join('\n'), {
      facts: { path, badRowCount: rejected.length, badRowsMax, firstLine: rejected[0]?.line ?? 0 },
    });
  }
}

/** Leaves the reading of one row; caught where the row's outcome is made, never seen outside this package. */
export class RowRejected extends AppError {
  readonly code = 'DATA_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(
    readonly reason: RejectReason,
    detail: string = REJECT_REASONS[reason],
  ) {
    super(detail);
  }
}
