/** @file The databases that journal and ledger may lie in, for specs that hold for all of them. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Journal } from '../domain/storage/journal.js';
import type { Ledger } from '../domain/storage/ledger.js';
import { openRunStorage } from '../domain/storage/run-storage.js';
import { HeldClock } from './held-clock.js';
import { temporaryFolder } from './toy-run.js';

export interface OpenedStorage {
  readonly journal: Journal;
  readonly ledger: Ledger;
  readonly clock: HeldClock;
  /** Changes what is stored behind the back of journal and ledger. */
  readonly alter: (sql: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** One storage that can be opened again and again. */
export interface StoragePlace {
  readonly open: () => Promise<OpenedStorage>;
}

export interface StorageBackend {
  readonly name: string;
  /** Why it cannot be tried on this machine. */
  readonly skip: string | false;
  readonly place: () => Promise<StoragePlace>;
}

export function storageBackends(): StorageBackend[] {
  return [{ name: 'SQLite', skip: false, place: sqlitePlace }];
}

async function sqlitePlace(): Promise<StoragePlace> {
  const folder = temporaryFolder();
  const clock = new HeldClock();
  const alter = async (sql: string): Promise<void> => {
    const database = new DatabaseSync(join(folder, 'run.sqlite'));
    database.exec(sql);
    database.close();
  };
  return { open: async () => ({ ...(await openRunStorage(folder, { clock })), clock, alter }) };
}
