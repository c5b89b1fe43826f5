/** @file What can go wrong with the places that journal, ledger and artifacts lie in. */
import { AppError, messageOf } from '#core';

/** Thrown when a database file is no database any more, or not the one that was there. */
export class DatabaseDamagedError extends AppError {
  readonly code = 'DATABASE_DAMAGED';
  readonly status = 'DATA_LOSS';

  constructor(file: string, found: string, cause?: unknown) {
    super(
      `${file}: expected the database as it was written, found ${found}. Restore it from a copy, or start a new run in ` +
        'another directory; what the annotation ledger or the reward service remember is not paid for again',
      { facts: { file, found }, cause },
    );
  }
}

/** Thrown when a database or store on the network stays away for too long. The run can be started again. */
export class StorageUnavailableError extends AppError {
  readonly code = 'STORAGE_UNAVAILABLE';
  readonly status = 'UNAVAILABLE';

  constructor(place: string, seconds: number, cause: unknown) {
    super(
      `${place}: expected an answer, got none for ${Math.round(seconds)} s (${messageOf(cause)}). ` +
        'See that it runs and can be reached, then start the run again; finished work is kept',
      { facts: { place }, cause },
    );
  }
}

/** Thrown when a database or store on the network will not do as asked: no such database, no right to write. */
export class StorageRefusedError extends AppError {
  readonly code = 'STORAGE_REFUSED';
  readonly status = 'FAILED_PRECONDITION';

  constructor(place: string, cause: unknown) {
    super(
      `${place}: expected to be let in and served, got "${messageOf(cause)}". Mend the place or the rights; credentials ` +
        "come from the client library's own variables, such as PGPASSWORD or AWS_ACCESS_KEY_ID",
      { facts: { place }, cause },
    );
  }
}

/** Thrown when several processes write to one file for so long that this one never has its turn. */
export class StorageBusyError extends AppError {
  readonly code = 'STORAGE_BUSY';
  readonly status = 'UNAVAILABLE';

  constructor(file: string, seconds: number, cause: unknown) {
    super(
      `${file}: expected a turn to write, got none in ${seconds} s since other processes hold it. ` +
        'Start the run again; if it goes on, look for a process that holds the file open, or use postgres://',
      { facts: { file, seconds }, cause },
    );
  }
}

/** Thrown when a relative place is to be opened and nothing says what it is relative to. */
export class BaseFolderUnknownError extends AppError {
  readonly code = 'BASE_FOLDER_UNKNOWN';
  readonly status = 'INVALID_ARGUMENT';

  constructor(place: string) {
    super(`${place}: expected the folder that this path starts from, got none. Name it with --base`, {
      facts: { place },
    });
  }
}
