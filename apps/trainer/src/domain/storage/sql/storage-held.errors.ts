/** @file Two processes on one journal. */
import { AppError } from '#core';

/** A connection that holds a journal, as the server knows it. */
export interface StorageHolder {
  /** "metaapo process 4711 on host-a". */
  readonly name: string;
  /** When it connected, ISO 8601; empty where the server does not tell. */
  readonly since: string;
}

/** Thrown when another connection works on the journal: a copy of the run directory, perhaps on another machine. */
export class StorageHeldError extends AppError {
  readonly code = 'RUN_DIRECTORY_BUSY';
  readonly status = 'FAILED_PRECONDITION';

  constructor(schema: string, holder: StorageHolder | undefined) {
    const who = holder === undefined ? 'another process' : `${holder.name}, connected since ${holder.since}`;
    super(
      `The journal in schema ${schema} is in use by ${who}, perhaps through a copy of the run directory. ` +
        'Wait for it to end, stop it, or give another directory',
      { facts: { schema, ...(holder && { holder: holder.name, since: holder.since }) } },
    );
  }
}
