/**
 * @file A SQLite file: `run.sqlite`, the journal of one run and, unless runs share one, its ledger; or a shared ledger.
 *
 * Write-ahead logging with `synchronous=FULL`: a commit resolves only when it is on the disk. With `NORMAL` a power cut
 * could take back the last commits, and with them annotations that were paid for and units that were already used. A torn
 * tail of the log is no damage: SQLite drops the frames after the last whole commit, which is the last good state.
 */
import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Rng, systemClock, type Clock } from '#core';
import { DatabaseDamagedError, StorageBusyError } from '../database.errors.js';
import { RunSchemaUnknownError, asDiskError, isSqliteBusy } from '../storage.errors.js';
import type { SqlDatabase, SqlRow, SqlValue, Statement } from './sql-database.js';
import { isSqliteDamage } from './sqlite-codes.js';
import type { Dialect } from './tables.js';

export const SQLITE: Dialect = { bytes: 'BLOB', real: 'REAL', integer: 'INTEGER', options: ' STRICT' };

export interface SqliteOptions {
  /** As messages name the file. */
  readonly name: string;
  readonly version: number;
  readonly tables: readonly string[];
  /** False refuses a file that is missing or empty: there was one, and to begin anew would be a guess. @default true */
  readonly mayCreate?: boolean;
  /** Most pages of the database file; beyond it SQLite answers as it does on a full disk. @default SQLite's own */
  readonly pageCountMax?: number | undefined;
  /** Waits for other processes that write. @default the system's */
  readonly clock?: Pick<Clock, 'sleep'>;
}

/** How long opening may wait, within SQLite, for another process that opens, recovers or creates the file. */
const OPEN_BUSY_MS_MAX = 10_000;
/** Files up to this size are checked as a whole when they are opened; a larger one takes too long. `fsck` checks any. */
const CHECKED_BYTES_MAX = 256 * 2 ** 20;
/** Mean time between two tries to write while another process does; a commit takes a few milliseconds. */
const TURN_MS_MEAN = 5;
const TURN_TRIES_MAX = 6_000;

/** A connection; statements are prepared once. */
export class SqliteDatabase implements SqlDatabase {
  private readonly statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  private readonly jitter = new Rng('turns', process.pid);

  private constructor(
    private readonly database: DatabaseSync,
    private readonly name: string,
    private readonly clock: Pick<Clock, 'sleep'>,
  ) {}

  /** Opens or creates the file. @throws RunSchemaUnknownError, DatabaseDamagedError, DiskFullError */
  static open(path: string, options: SqliteOptions): SqliteDatabase {
    const { name, mayCreate = true, clock = systemClock } = options;
    if (!mayCreate) refuseMissing(path, name);
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path, { timeout: OPEN_BUSY_MS_MAX });
      prepare(database, path, options);
    } catch (error) {
      if (database?.isOpen) database.close();
      throw asFileError(error, name);
    }
    return new SqliteDatabase(database, name, clock);
  }

  /** Opens a file that is there and changes none of it. @throws RunSchemaUnknownError, DatabaseDamagedError */
  static openToRead(path: string, { name, version }: Pick<SqliteOptions, 'name' | 'version'>): SqliteDatabase {
    refuseMissing(path, name);
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path, { timeout: OPEN_BUSY_MS_MAX, readOnly: true });
      checkVersion(database, { name, version });
    } catch (error) {
      if (database?.isOpen) database.close();
      throw asFileError(error, name);
    }
    return new SqliteDatabase(database, name, systemClock);
  }

  /** What SQLite finds wrong with the structure of the whole file; none where it is sound. */
  async structureProblems(): Promise<string[]> {
    const rows = this.prepared('PRAGMA integrity_check').all();
    return rows.map((row) => String(row['integrity_check'])).filter((said) => said !== 'ok');
  }

  async all(sql: string, ...values: SqlValue[]): Promise<SqlRow[]> {
    return await this.inTurn(() => this.prepared(sql).all(...values));
  }

  async batch(statements: readonly Statement[]): Promise<void> {
    await this.inTurn(() => {
      try {
        this.database.exec('BEGIN IMMEDIATE');
        for (const { sql, values } of statements) this.prepared(sql).run(...values);
        this.database.exec('COMMIT');
      } catch (error) {
        if (this.database.isTransaction) this.database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    if (this.database.isOpen) this.database.close();
  }

  /** SQLite's own waiting would block every other run and call of this process. @throws StorageBusyError */
  private async inTurn<T>(work: () => T): Promise<T> {
    for (let tryIndex = 0; ; tryIndex++) {
      try {
        return work();
      } catch (error) {
        if (!isSqliteBusy(error)) throw asFileError(error, this.name);
        if (tryIndex === TURN_TRIES_MAX) {
          throw new StorageBusyError(this.name, (TURN_TRIES_MAX * TURN_MS_MEAN) / 1000, error);
        }
        await this.clock.sleep(1 + Math.floor(2 * TURN_MS_MEAN * this.jitter.uniform()));
      }
    }
  }

  private prepared(sql: string): ReturnType<DatabaseSync['prepare']> {
    let statement = this.statements.get(sql);
    if (!statement) {
      statement = this.database.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }
}

function prepare(database: DatabaseSync, path: string, options: SqliteOptions): void {
  const { name, version, tables, mayCreate = true, pageCountMax } = options;
  if (database.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'] !== 'wal') {
    throw new DatabaseDamagedError(name, 'a file that takes no write-ahead log');
  }
  database.exec('PRAGMA synchronous = FULL');
  if (pageCountMax !== undefined) database.exec(`PRAGMA max_page_count = ${Math.trunc(pageCountMax)}`);
  if (versionOf(database) === 0) {
    if (!mayCreate) throw new DatabaseDamagedError(name, 'a database without tables');
    database.exec('BEGIN IMMEDIATE');
    // Another process may have been first.
    if (versionOf(database) === 0) database.exec(`${tables.join(';\n')}; PRAGMA user_version = ${version}`);
    database.exec('COMMIT');
  }
  checkVersion(database, { name, version });
  if (statSync(path).size <= CHECKED_BYTES_MAX) {
    const [problem] = database.prepare('PRAGMA quick_check(1)').all();
    const said = String(problem?.['quick_check']);
    if (said !== 'ok') throw new DatabaseDamagedError(name, said);
  }
  database.exec('PRAGMA busy_timeout = 0');
}

function refuseMissing(path: string, name: string): void {
  if (!existsSync(path)) throw new DatabaseDamagedError(name, 'no file');
  if (statSync(path).size === 0) throw new DatabaseDamagedError(name, 'an empty file');
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}

function checkVersion(database: DatabaseSync, { name, version }: Pick<SqliteOptions, 'name' | 'version'>): void {
  const found = versionOf(database);
  if (found !== version) throw new RunSchemaUnknownError(name, found, version);
}

function asFileError(error: unknown, name: string): unknown {
  if (isSqliteDamage(error)) return new DatabaseDamagedError(name, (error as Error).message, error);
  return asDiskError(error, name);
}
