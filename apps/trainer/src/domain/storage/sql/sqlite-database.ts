/**
 * @file A SQLite file: `run.sqlite`, the journal of one run and, unless runs share one, its ledger.
 *
 * Write-ahead logging with `synchronous=FULL`: a commit resolves only when it is on the disk. With `NORMAL` a power cut
 * could take back the last commits, and with them annotations that were paid for and units that were already used. A torn
 * tail of the log is no damage: SQLite drops the frames after the last whole commit, which is the last good state.
 */
import { DatabaseSync } from 'node:sqlite';
import { asDiskError } from '../storage.errors.js';
import { RunSchemaUnknownError } from '../storage.errors.js';
import type { SqlDatabase, SqlRow, SqlValue, Statement } from './sql-database.js';
import type { Dialect } from './tables.js';

export const SQLITE: Dialect = { bytes: 'BLOB', real: 'REAL', integer: 'INTEGER', options: ' STRICT' };

export interface SqliteOptions {
  /** As messages name the file. */
  readonly name: string;
  readonly version: number;
  readonly tables: readonly string[];
  /** Most pages of the database file; beyond it SQLite answers as it does on a full disk. @default SQLite's own */
  readonly pageCountMax?: number | undefined;
}

/** A connection; statements are prepared once. */
export class SqliteDatabase implements SqlDatabase {
  private readonly statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();

  private constructor(
    private readonly database: DatabaseSync,
    private readonly name: string,
  ) {}

  /** Opens or creates the file. @throws RunSchemaUnknownError, DiskFullError */
  static open(path: string, { name, version, tables, pageCountMax }: SqliteOptions): SqliteDatabase {
    const database = new DatabaseSync(path);
    try {
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
      if (pageCountMax !== undefined) database.exec(`PRAGMA max_page_count = ${Math.trunc(pageCountMax)}`);
      const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
      if (found === 0) database.exec(`BEGIN; ${tables.join(';\n')}; PRAGMA user_version = ${version}; COMMIT`);
      else if (found !== version) throw new RunSchemaUnknownError(found, version);
    } catch (error) {
      database.close();
      throw asDiskError(error, name);
    }
    return new SqliteDatabase(database, name);
  }

  async all(sql: string, ...values: SqlValue[]): Promise<SqlRow[]> {
    return this.prepared(sql).all(...values);
  }

  async batch(statements: readonly Statement[]): Promise<void> {
    try {
      this.database.exec('BEGIN IMMEDIATE');
      for (const { sql, values } of statements) this.prepared(sql).run(...values);
      this.database.exec('COMMIT');
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw asDiskError(error, this.name);
    }
  }

  async close(): Promise<void> {
    if (this.database.isOpen) this.database.close();
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
