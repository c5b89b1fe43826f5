/** @file Opens what a run is stored in without changing any of it, for checks. */
import { join } from 'node:path';
import { isUrl } from '#run-config';
import type { Artifacts } from './artifacts.js';
import { FolderArtifacts } from './folder-artifacts.js';
import type { Journal } from './journal.js';
import { S3Artifacts } from './s3-artifacts.js';
import { PostgresDatabase } from './sql/postgres-database.js';
import type { SqlDatabase } from './sql/sql-database.js';
import { SqlJournal } from './sql/sql-journal.js';
import { SqliteDatabase } from './sql/sqlite-database.js';
import { JOURNAL_VERSION } from './sql/tables.js';
import { BaseFolderUnknownError } from './database.errors.js';
import { absolutePlace, readStorageRecord } from './storage-places.js';

export interface StorageToRead {
  /** Of the journal, as messages name it. */
  readonly place: string;
  readonly database: SqlDatabase;
  readonly journal: Journal;
  /** Of the artifacts, where they lie in a folder. */
  readonly folder: string | undefined;
  /** What the database finds wrong with its own structure. */
  structureProblems(): Promise<string[]>;
  openArtifacts(): Promise<Artifacts>;
  close(): Promise<void>;
}

/** `baseDirectory`: folder that relative places start from, where it is known. @throws DatabaseDamagedError, RunSchemaUnknownError, StorageUnavailableError */
export async function openStorageToRead(directory: string, baseDirectory: string | undefined): Promise<StorageToRead> {
  const record = await readStorageRecord(directory);
  const sqlite =
    record?.journal === undefined || record.journal === null
      ? SqliteDatabase.openToRead(join(directory, 'run.sqlite'), { name: 'run.sqlite', version: JOURNAL_VERSION })
      : undefined;
  const options = { version: JOURNAL_VERSION, tables: [], isExclusive: false, mayCreate: false };
  const database =
    sqlite ?? (await PostgresDatabase.open({ ...options, url: record?.journal ?? '', schema: record?.key ?? '' }));
  const place = record?.artifacts ?? null;
  const folder = folderOf(directory, { place, key: record?.key ?? '', baseDirectory });
  let bucket: S3Artifacts | undefined;
  return {
    place: sqlite ? 'run.sqlite' : `schema ${record?.key}`,
    database,
    journal: await SqlJournal.open(database),
    folder,
    structureProblems: async () => (sqlite ? await sqlite.structureProblems() : []),
    openArtifacts: async () => {
      if (folder !== undefined) return FolderArtifacts.at(folder);
      if (!isUrl(place ?? '')) throw new BaseFolderUnknownError(place ?? '');
      bucket = await S3Artifacts.open(place ?? '', record?.key ?? '');
      return bucket;
    },
    close: async () => {
      bucket?.close();
      await database.close();
    },
  };
}

function folderOf(
  directory: string,
  {
    place,
    key,
    baseDirectory,
  }: { readonly place: string | null; readonly key: string; readonly baseDirectory: string | undefined },
): string | undefined {
  if (place === null) return join(directory, 'artifacts');
  if (isUrl(place) || baseDirectory === undefined) return undefined;
  return join(absolutePlace(place, baseDirectory), key);
}
