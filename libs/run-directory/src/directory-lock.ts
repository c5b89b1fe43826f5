/**
 * @file Keeps a directory to one process. The lock is an exclusive SQLite transaction on a file of its own: the operating
 * system drops it when the process dies, however it dies, so no stale lock is ever left to clear away.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOLDER_FILE, encodeHolder } from './holder.js';
import { ownIdentity } from './process-identity.js';

export interface DirectoryLock {
  /** Gives the directory back; calling it again is harmless. */
  release(): void;
}

const LOCK_FILE = 'run.lock';
const SQLITE_BUSY = 5;

/** The lock, and `holder.json` with who has it; undefined when another process does. @param since ISO 8601 */
export async function lockDirectory(directory: string, since: string): Promise<DirectoryLock | undefined> {
  // Loaded only now: whoever only looks at directories needs no database.
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(directory, LOCK_FILE), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY)
      return undefined;
    throw error;
  }
  const holder = join(directory, HOLDER_FILE);
  writeFileSync(holder, encodeHolder({ ...ownIdentity(), since, address: '', beat: 0 }));
  return {
    release: () => {
      if (!database.isOpen) return;
      rmSync(holder, { force: true });
      database.close();
    },
  };
}
