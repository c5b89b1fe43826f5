/** @file What can be wrong with a run's directory for one who only looks at it. */
import { AppError } from '#core';

/** Thrown when a later version wrote the run. */
export class RunFormatNewerError extends AppError {
  readonly code = 'RUN_FORMAT_NEWER';
  readonly status = 'FAILED_PRECONDITION';

  constructor(path: string, found: number, known: number) {
    super(
      `The run in ${path} has format ${found}, this version reads formats up to ${known}. Use the version of metaapo that wrote it, or a later one`,
      { facts: { path, found, known } },
    );
  }
}

/** Thrown when `status.json` is not what a run writes. */
export class RunStatusDamagedError extends AppError {
  readonly code = 'RUN_STATUS_DAMAGED';
  readonly status = 'DATA_LOSS';

  constructor(path: string, problem: string) {
    super(
      `status.json in ${path}: expected the status of a run, ${problem}. The journal is not touched by that: ` +
        'metaapo fsck checks it, and metaapo run writes the status again',
      { facts: { path, problem } },
    );
  }
}
