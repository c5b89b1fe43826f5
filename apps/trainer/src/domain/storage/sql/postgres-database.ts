/**
 * @file A schema of a PostgreSQL database: the journal of one run, or a ledger that runs on many machines share.
 *
 * `synchronous_commit` is switched on for the session, whatever the server's default: a commit resolves only when it is on
 * the server's disk. A connection that breaks while a commit is under way leaves it open whether it happened; therefore
 * each batch of a journal writes a mark of its own, and the mark is read before anything is written again. The statements
 * of a ledger may be repeated as they are.
 *
 * Host, user and database come from the URL, the password from `PGPASSWORD`, `PGPASSFILE` or `~/.pgpass`.
 */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { Rng, systemClock, type Clock } from '#core';
import { StorageRefusedError, StorageUnavailableError } from '../database.errors.js';
import { isPassingFailure, postgresStatement } from './postgres-dialect.js';
import { connectionName, openSchema } from './postgres-schema.js';
import type { SqlDatabase, SqlRow, SqlValue, Statement } from './sql-database.js';

export interface PostgresOptions {
  /** `postgres://user@host:port/database`, without a password. */
  readonly url: string;
  readonly schema: string;
  readonly version: number;
  readonly tables: readonly string[];
  /** True: one process at a time, and each batch is applied once even if the connection breaks. */
  readonly isExclusive: boolean;
  /** False refuses a schema that is not there: there was one, and to begin anew would be a guess. */
  readonly mayCreate: boolean;
  /** How long a server may be away before the run fails and waits to be started again. @default one minute */
  readonly awayMsMax?: number;
  readonly clock?: Clock;
}

const AWAY_MS_MAX = 60_000;
const RETRY_MS_FIRST = 50;
const RETRY_MS_MAX = 2_000;
const CONNECT_MS_MAX = 10_000;
const SET_MARK = `INSERT INTO commit_mark VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET id = excluded.id`;

export class PostgresDatabase implements SqlDatabase {
  private client: Client | undefined;
  /** The server's process of the connection that is in use, or was last. */
  private pid: number | undefined;
  private closed = false;
  /** One statement or transaction after the other: a read must not see half of a batch. */
  private last: Promise<unknown> = Promise.resolve();
  private readonly jitter = new Rng('postgres', process.pid);

  private constructor(
    private readonly options: PostgresOptions,
    private readonly clock: Clock,
  ) {}

  /** @throws StorageUnavailableError, StorageRefusedError, DatabaseDamagedError, RunSchemaUnknownError, RunDirectoryBusyError */
  static async open(options: PostgresOptions): Promise<PostgresDatabase> {
    const database = new PostgresDatabase(options, options.clock ?? systemClock);
    await database.persistently(async () => void (await database.connected()));
    return database;
  }

  async all(sql: string, ...values: SqlValue[]): Promise<SqlRow[]> {
    return await this.inTurn(async () => {
      const result = await (await this.connected()).query(postgresStatement(sql), values);
      return result.rows as SqlRow[];
    });
  }

  async batch(statements: readonly Statement[]): Promise<void> {
    const mark = this.options.isExclusive ? randomUUID() : undefined;
    const marked = mark === undefined ? statements : [...statements, { sql: SET_MARK, values: [mark] }];
    let mayBeDone = false;
    await this.inTurn(async () => {
      const client = await this.connected();
      if (mark !== undefined && mayBeDone) {
        const { rows } = await client.query<{ id: string }>('SELECT id FROM commit_mark');
        if (rows[0]?.id === mark) return;
      }
      mayBeDone = true;
      await transaction(client, marked);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.last.catch(() => undefined);
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.catch(() => undefined).then(async () => await this.persistently(work));
    this.last = turn;
    return await turn;
  }

  /** Repeats what a broken connection, a server that starts, or a deadlock between runs has stopped. */
  private async persistently<T>(work: () => Promise<T>): Promise<T> {
    const { url, awayMsMax = AWAY_MS_MAX } = this.options;
    const startMs = this.clock.monotonicMs();
    for (let tryIndex = 0; ; tryIndex++) {
      try {
        return await work();
      } catch (error) {
        if (!isPassingFailure(error)) throw asRefusal(error, url);
        const elapsedMs = this.clock.monotonicMs() - startMs;
        if (this.closed || elapsedMs > awayMsMax)
          throw new StorageUnavailableError(placeOf(url), elapsedMs / 1000, error);
        const delayMs = Math.min(RETRY_MS_FIRST * 2 ** tryIndex, RETRY_MS_MAX) * (0.5 + this.jitter.uniform());
        await this.clock.sleep(delayMs);
      }
    }
  }

  private async connected(): Promise<Client> {
    if (this.client) return this.client;
    const client = new Client({
      connectionString: this.options.url,
      connectionTimeoutMillis: CONNECT_MS_MAX,
      application_name: connectionName(),
      keepAlive: true,
    });
    const drop = (): void => {
      if (this.client === client) this.client = undefined;
    };
    client.on('error', drop);
    client.on('end', drop);
    try {
      await client.connect();
      this.pid = await openSchema(client, { ...this.options, formerPid: this.pid });
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    this.client = client;
    return client;
  }
}

async function transaction(client: Client, statements: readonly Statement[]): Promise<void> {
  try {
    await client.query('BEGIN');
    for (const { sql, values } of statements) await client.query(postgresStatement(sql), [...values]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function asRefusal(error: unknown, url: string): unknown {
  const isPostgres = error instanceof Error && 'severity' in error;
  const isConstraint = isPostgres && 'code' in error && String(error.code).startsWith('23');
  return isPostgres && !isConstraint ? new StorageRefusedError(placeOf(url), error) : error;
}

/** Host and database, for messages. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `postgres://${host}${pathname}`;
}
