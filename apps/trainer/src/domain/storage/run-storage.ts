/** @file Opens what a run is stored in. */
import { join } from 'node:path';
import type { Clock } from '#core';
import type { Artifacts } from './artifacts.js';
import { FolderArtifacts } from './folder-artifacts.js';
import type { Journal } from './journal.js';
import type { Ledger } from './ledger.js';
import { SQLITE, SqliteDatabase } from './sql/sqlite-database.js';
import { SqlJournal } from './sql/sql-journal.js';
import { SqlLedger } from './sql/sql-ledger.js';
import { JOURNAL_VERSION, journalTables, ledgerTables } from './sql/tables.js';

export interface RunStorage {
  readonly journal: Journal;
  readonly ledger: Ledger;
  readonly artifacts: Artifacts;
  /** Calling it again is harmless. */
  close(): Promise<void>;
}

export interface RunStorageOptions {
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Most pages of the database file; beyond it SQLite answers as it does on a full disk. @default SQLite's own */
  readonly pageCountMax?: number;
}

/** @throws RunSchemaUnknownError, DiskFullError */
export async function openRunStorage(directory: string, options: RunStorageOptions): Promise<RunStorage> {
  const database = SqliteDatabase.open(join(directory, 'run.sqlite'), {
    name: 'run.sqlite',
    version: JOURNAL_VERSION,
    tables: [...journalTables(SQLITE), ...ledgerTables(SQLITE)],
    pageCountMax: options.pageCountMax,
  });
  try {
    return {
      journal: await SqlJournal.open(database),
      ledger: new SqlLedger(database, options.clock),
      artifacts: await FolderArtifacts.open(join(directory, 'artifacts')),
      close: async () => await database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
