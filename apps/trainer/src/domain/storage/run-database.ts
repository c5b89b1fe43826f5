/**
 * @file `run.sqlite`: journal and ledger of one run.
 *
 * Write-ahead logging with `synchronous=FULL`: a commit returns only when it is on the disk. With `NORMAL` a power cut
 * could take back the last commits, and with them annotations that were paid for and units that were already used.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { RunSchemaUnknownError, asDiskError } from './storage.errors.js';

/** Raised with every change of the tables; a run directory is read by the version that wrote it. */
const SCHEMA_VERSION = 1;

const TABLES = `
-- Facts of the run by name: id, digests of its inputs, state.
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- One row per finished unit of work; result is null once the step that needed it was committed.
CREATE TABLE units (
  iteration INTEGER NOT NULL, phase TEXT NOT NULL, unit INTEGER NOT NULL,
  request_digest TEXT NOT NULL, result BLOB, elapsed_ms REAL NOT NULL,
  PRIMARY KEY (iteration, phase, unit)
) STRICT;
-- One row per optimizer step: what it saw, and where the state after it lies.
CREATE TABLE steps (
  iteration INTEGER NOT NULL, phase TEXT NOT NULL, step INTEGER NOT NULL,
  adapter_digest TEXT NOT NULL, adapter_artifact TEXT NOT NULL, moments_artifact TEXT,
  learning_rate REAL NOT NULL, gradient_norm REAL NOT NULL, loss REAL NOT NULL, statistics TEXT NOT NULL,
  PRIMARY KEY (iteration, phase, step)
) STRICT;
-- One row per state of the meta-learner, from its creation on.
CREATE TABLE meta_updates (version INTEGER PRIMARY KEY, iteration INTEGER NOT NULL, state TEXT NOT NULL,
  loss REAL, gradient_norm REAL) STRICT;
-- Wall time per phase, over all processes that worked on it.
CREATE TABLE phases (iteration INTEGER NOT NULL, phase TEXT NOT NULL, wall_ms REAL NOT NULL,
  PRIMARY KEY (iteration, phase)) STRICT;
-- Every score that was paid for, by what it depends on.
CREATE TABLE ledger (
  weights_digest TEXT NOT NULL, prompt_digest TEXT NOT NULL, response_digest TEXT NOT NULL,
  score REAL NOT NULL, components TEXT NOT NULL, provenance TEXT NOT NULL, purpose TEXT NOT NULL,
  PRIMARY KEY (weights_digest, prompt_digest, response_digest)
) STRICT, WITHOUT ROWID;
-- Counts that only grow, by name.
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

export interface RunDatabaseOptions {
  /** Most pages of the database file; beyond it SQLite answers as it does on a full disk. @default SQLite's own */
  readonly pageCountMax?: number;
}

/** A connection with transactions; statements are prepared once. */
export class RunDatabase {
  private readonly statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();

  private constructor(private readonly database: DatabaseSync) {}

  /** Opens or creates `run.sqlite` in the directory. @throws RunSchemaUnknownError, DiskFullError */
  static open(directory: string, { pageCountMax }: RunDatabaseOptions = {}): RunDatabase {
    const database = new DatabaseSync(join(directory, 'run.sqlite'));
    try {
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
      if (pageCountMax !== undefined) database.exec(`PRAGMA max_page_count = ${Math.trunc(pageCountMax)}`);
      const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
      if (version === 0) database.exec(`BEGIN; ${TABLES} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
      else if (version !== SCHEMA_VERSION) throw new RunSchemaUnknownError(version, SCHEMA_VERSION);
    } catch (error) {
      database.close();
      throw asDiskError(error, 'run.sqlite');
    }
    return new RunDatabase(database);
  }

  /** Runs `work` as one transaction: all of it is durable when this returns, or none of it happened. */
  commit<T>(work: () => T): T {
    try {
      this.database.exec('BEGIN IMMEDIATE');
      const result = work();
      this.database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw asDiskError(error, 'run.sqlite');
    }
  }

  /** A prepared statement. */
  sql(text: string): ReturnType<DatabaseSync['prepare']> {
    let statement = this.statements.get(text);
    if (!statement) {
      statement = this.database.prepare(text);
      this.statements.set(text, statement);
    }
    return statement;
  }

  /** Calling it again is harmless. */
  close(): void {
    if (this.database.isOpen) this.database.close();
  }
}
