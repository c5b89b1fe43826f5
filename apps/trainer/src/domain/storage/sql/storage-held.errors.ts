/** @file Two processes on one journal. */
import { AppError } from '#core';

/** Thrown when another connection works on the journal: a copy of the run directory, perhaps on another machine. */
export class StorageHeldError extends AppError {
  readonly code = 'RUN_DIRECTORY_BUSY';
  readonly status = 'FAILED_PRECONDITION';

  constructor(schema: string) {
    super(
      `The journal in schema ${schema} is in use by another process, perhaps through a copy of the run directory. ` +
        'Wait for it to end, or give another directory',
      { facts: { schema } },
    );
  }
}
