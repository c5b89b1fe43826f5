/** @file What can go wrong on the command line, beside what the libraries and services tell. */
import { AppError } from '#core';

/** Thrown when what was typed cannot be carried out as it stands. The exit code is 2. */
export class UsageError extends AppError {
  readonly code = 'USAGE';
  readonly status = 'INVALID_ARGUMENT';
}

/** Thrown when a service that this command started ended before it was told to. */
export class ServiceDiedError extends AppError {
  readonly code = 'SERVICE_DIED';
  readonly status = 'UNAVAILABLE';

  constructor(service: string, how: string, lastLines: readonly string[]) {
    const log = lastLines.length > 0 ? `; its last lines:\n${lastLines.map((line) => `  ${line}`).join('\n')}` : '';
    super(`The ${service} service ended by itself (${how})${log}`, { facts: { service, how } });
  }
}

/** Thrown when a service that this command started does not become ready in time. */
export class ServiceNotReadyError extends AppError {
  readonly code = 'SERVICE_NOT_READY';
  readonly status = 'DEADLINE_EXCEEDED';

  constructor(service: string, timeoutMs: number, lastLines: readonly string[]) {
    const log = lastLines.map((line) => `\n  ${line}`).join('');
    super(`The ${service} service was not ready after ${timeoutMs / 1000} s; its last lines:${log || ' none'}`, {
      facts: { service, timeoutMs },
    });
  }
}

/** Thrown when a run ended otherwise than by succeeding. */
export class RunFailedError extends AppError {
  readonly status = 'ABORTED';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Thrown when a watched run's process is gone and had no time to say how the run ended. */
export class RunInterruptedError extends AppError {
  readonly code = 'RUN_INTERRUPTED';
  readonly status = 'ABORTED';

  constructor(runDirectory: string) {
    super(
      'The process that worked on the run is gone; what was finished is kept. ' +
        `Go on with: metaapo run CONFIG --run-dir ${runDirectory}`,
      { facts: { runDirectory } },
    );
  }
}

/** Thrown when a person stopped the command; the message says how to go on. The exit code is 130. */
export class InterruptedError extends AppError {
  readonly code = 'INTERRUPTED';
  readonly status = 'CANCELLED';
}

/** Thrown at the end of a check that found something damaged; the findings are told already. */
export class RunDamagedError extends AppError {
  readonly code = 'RUN_DAMAGED';
  readonly status = 'DATA_LOSS';

  constructor(runDirectory: string, damageCount: number) {
    super(
      `${runDirectory}: ${damageCount === 1 ? '1 thing is' : `${damageCount} things are`} not as written, see above`,
      {
        facts: { runDirectory, damageCount },
      },
    );
  }
}

/** Thrown at the end of a check that found no damage, but could not reach all that it had to look at. The exit code is 3. */
export class RunUncheckedError extends AppError {
  readonly code = 'RUN_UNCHECKED';
  readonly status = 'UNAVAILABLE';

  constructor(runDirectory: string, places: readonly string[]) {
    super(
      `${runDirectory}: expected to reach everything that the run has written, could not reach ${places.join(', ')}, see ` +
        'above. That says nothing about damage; check again when it can be reached',
      { facts: { runDirectory, places: places.join(',') } },
    );
  }
}

/** Thrown at the end when some rows of a file failed; the others are written. */
export class RowsFailedError extends AppError {
  readonly code = 'ROWS_FAILED';
  readonly status = 'FAILED_PRECONDITION';

  constructor(failedCount: number, rowCount: number, output: string) {
    super(`${failedCount} of ${rowCount} rows failed; each has an "error" in ${output}, the others are complete`, {
      facts: { failedCount, rowCount },
    });
  }
}

/** Thrown when a unit of rows is not answered in time. */
export class UnitTimedOutError extends AppError {
  readonly code = 'UNIT_TIMED_OUT';
  readonly status = 'DEADLINE_EXCEEDED';

  constructor(rowCount: number, timeoutMs: number, cause: unknown) {
    super(
      `The policy service did not answer ${rowCount} rows within ${timeoutMs / 1000} s; no output was written. Where ` +
        'that is too short for this model, give --timeout a longer time, for instance 2h',
      { facts: { rowCount, timeoutMs }, cause },
    );
  }
}

/** Thrown when a file cannot be read or written. */
export class FileUnusableError extends AppError {
  readonly code = 'FILE_UNUSABLE';
  readonly status = 'FAILED_PRECONDITION';
}
