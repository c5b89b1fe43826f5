/**
 * @file Keeps a run directory to one process.
 *
 * The lock is an exclusive SQLite transaction on a file of its own: the operating system drops it when the process dies,
 * however it dies, so no stale lock is ever left to clear away.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { asDiskError, isSqliteBusy } from './storage.errors.js';

export interface RunLock {
  readonly isHeld: boolean;
  /** Gives the directory back; calling it again is harmless. */
  release(): void;
}

/** The lock; undefined when another process, or another run of this one, has it. */
export function lockRunDirectory(directory: string): RunLock | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(directory, 'run.lock'), { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (isSqliteBusy(error)) return undefined;
    throw asDiskError(error, 'run.lock');
  }
  const held = database;
  return {
    get isHeld() {
      return held.isOpen;
    },
    release: () => {
      if (held.isOpen) held.close();
    },
  };
}
