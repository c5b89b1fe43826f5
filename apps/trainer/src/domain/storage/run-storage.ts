/** @file Opens what a run is stored in: everything in its directory, unless the configuration names other places. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#core';
import type { Artifacts } from './artifacts.js';
import { FolderArtifacts } from './folder-artifacts.js';
import { ExclusiveLedger } from './exclusive-ledger.js';
import type { Journal } from './journal.js';
import type { Ledger } from './ledger.js';
import { openLedgerDatabase } from './open-ledger.js';
import { S3Artifacts } from './s3-artifacts.js';
import { POSTGRES } from './sql/postgres-dialect.js';
import { PostgresDatabase } from './sql/postgres-database.js';
import type { SqlDatabase } from './sql/sql-database.js';
import { SqlJournal } from './sql/sql-journal.js';
import { SqlLedger } from './sql/sql-ledger.js';
import { SQLITE, SqliteDatabase } from './sql/sqlite-database.js';
import { JOURNAL_VERSION, journalTables, ledgerTables } from './sql/tables.js';
import {
  OWN_PLACES,
  absolutePlace,
  checkPlaces,
  readStorageRecord,
  storageKey,
  writeStorageRecord,
  type StoragePlaces,
} from './storage-places.js';

export interface RunStorage {
  readonly journal: Journal;
  readonly ledger: Ledger;
  readonly artifacts: Artifacts;
  /** Calling it again is harmless. */
  close(): Promise<void>;
}

export interface RunStorageOptions {
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Id of the run when the directory is new. */
  readonly newRunId: string;
  /** @default everything in the run directory */
  readonly places?: StoragePlaces;
  /** Folder that relative places start from. @default the run directory */
  readonly baseDirectory?: string;
  /** True keeps claims in the ledger, as other processes must see them. @default where the ledger is shared */
  readonly leasesClaims?: boolean;
  /** Most pages of the database file; beyond it SQLite answers as it does on a full disk. @default SQLite's own */
  readonly pageCountMax?: number;
}

/** @throws DatabaseDamagedError, RunSchemaUnknownError, RunConfigChangedError, StorageUnavailableError, DiskFullError */
export async function openRunStorage(directory: string, options: RunStorageOptions): Promise<RunStorage> {
  const { newRunId, places = OWN_PLACES, baseDirectory = directory } = options;
  const record = await readStorageRecord(directory);
  const isBegun = await hasConfig(directory);
  if (isBegun) checkPlaces(record ?? OWN_PLACES, places);
  const key = record?.key ?? storageKey(newRunId);
  const closers: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const own = await openOwnDatabase(directory, { ...options, places, key, mayCreate: !isBegun });
    closers.push(async () => await own.close());
    const artifacts = await openArtifacts(directory, { place: places.artifacts, baseDirectory, key });
    if (artifacts instanceof S3Artifacts) closers.push(() => artifacts.close());
    let ledger = own;
    if (places.ledger !== null) {
      ledger = await openLedgerDatabase(absolutePlace(places.ledger, baseDirectory));
      closers.push(async () => await ledger.close());
    }
    const isElsewhere = places.journal !== null || places.artifacts !== null;
    if (isElsewhere && !record) {
      await writeStorageRecord(directory, { format: 1, key, journal: places.journal, artifacts: places.artifacts });
    }
    const { clock, leasesClaims = places.ledger !== null } = options;
    const scores = new SqlLedger(ledger, clock);
    return {
      journal: await SqlJournal.open(own),
      ledger: leasesClaims ? scores : new ExclusiveLedger(scores, clock),
      artifacts,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface OwnDatabaseOptions extends RunStorageOptions {
  readonly places: StoragePlaces;
  readonly key: string;
  readonly mayCreate: boolean;
}

/** The journal's database, with tables for the run's own ledger. */
async function openOwnDatabase(
  directory: string,
  { places, key, mayCreate, pageCountMax }: OwnDatabaseOptions,
): Promise<SqlDatabase> {
  const dialect = places.journal === null ? SQLITE : POSTGRES;
  const common = { version: JOURNAL_VERSION, tables: [...journalTables(dialect), ...ledgerTables(dialect)], mayCreate };
  if (places.journal === null) {
    return SqliteDatabase.open(join(directory, 'run.sqlite'), { ...common, name: 'run.sqlite', pageCountMax });
  }
  return await PostgresDatabase.open({ ...common, url: places.journal, schema: key, isExclusive: true });
}

async function openArtifacts(
  directory: string,
  {
    place,
    baseDirectory,
    key,
  }: { readonly place: string | null; readonly baseDirectory: string; readonly key: string },
): Promise<Artifacts> {
  if (place === null) return await FolderArtifacts.open(join(directory, 'artifacts'));
  if (place.startsWith('s3://')) return await S3Artifacts.open(place, key);
  return await FolderArtifacts.open(join(absolutePlace(place, baseDirectory), key));
}

/** The configuration is written once the journal is there: a directory with it and without a journal has lost it. */
async function hasConfig(directory: string): Promise<boolean> {
  return await stat(join(directory, 'config.yaml')).then(
    () => true,
    () => false,
  );
}
