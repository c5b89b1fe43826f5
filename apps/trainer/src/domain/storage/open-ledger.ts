/** @file Opens a ledger that several runs share. */
import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { isUrl } from '#run-config';
import { POSTGRES } from './sql/postgres-dialect.js';
import { PostgresDatabase } from './sql/postgres-database.js';
import type { SqlDatabase } from './sql/sql-database.js';
import { SQLITE, SqliteDatabase } from './sql/sqlite-database.js';
import { LEDGER_VERSION, ledgerTables } from './sql/tables.js';
import { asDiskError } from './storage.errors.js';

export const LEDGER_SCHEMA = 'metaapo_ledger';

/** `place`: an absolute path of a file that is created if need be, or a URL. */
export async function openLedgerDatabase(place: string): Promise<SqlDatabase> {
  if (isUrl(place)) {
    return await PostgresDatabase.open({
      url: place,
      schema: LEDGER_SCHEMA,
      version: LEDGER_VERSION,
      tables: ledgerTables(POSTGRES),
      isExclusive: false,
      mayCreate: true,
    });
  }
  await mkdir(dirname(place), { recursive: true }).catch((error: unknown) => {
    throw asDiskError(error, 'the folder of the ledger');
  });
  return SqliteDatabase.open(place, { name: basename(place), version: LEDGER_VERSION, tables: ledgerTables(SQLITE) });
}

/** The same without changing any of it, for checks. */
export async function openLedgerToRead(place: string): Promise<SqlDatabase> {
  if (!isUrl(place)) return SqliteDatabase.openToRead(place, { name: basename(place), version: LEDGER_VERSION });
  const options = { version: LEDGER_VERSION, tables: [], isExclusive: false, mayCreate: false };
  return await PostgresDatabase.open({ ...options, url: place, schema: LEDGER_SCHEMA });
}
