/** @file Opens a schema on a connection: its hold, its settings, its tables and their version. */
import { hostname } from 'node:os';
import type { Client } from 'pg';
import { present } from '#core';
import { DatabaseDamagedError } from '../database.errors.js';
import { RunSchemaUnknownError } from '../storage.errors.js';
import { StorageHeldError, type StorageHolder } from './storage-held.errors.js';

export interface SchemaOptions {
  readonly schema: string;
  readonly version: number;
  readonly tables: readonly string[];
  readonly isExclusive: boolean;
  readonly mayCreate: boolean;
  /** The server's process of the connection before this one, which broke. */
  readonly formerPid?: number | undefined;
}

/** How long the server may take to end a connection that broke, in milliseconds. */
const FORMER_END_MS_MAX = 5_000;

/** Returns the server's process of this connection. @throws StorageHeldError, DatabaseDamagedError, RunSchemaUnknownError */
export async function openSchema(client: Client, options: SchemaOptions): Promise<number> {
  const { schema, version, isExclusive, mayCreate, formerPid } = options;
  await client.query('SET synchronous_commit = on');
  await client.query(`SET search_path = ${client.escapeIdentifier(schema)}`);
  if (formerPid !== undefined) await endFormer(client, formerPid);
  if (isExclusive) {
    // The server drops the lock with the connection, however this process ends.
    const { rows } = await client.query<{ held: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held',
      [`metaapo ${schema}`],
    );
    if (!rows[0]?.held) throw new StorageHeldError(schema, await holderOf(client, schema));
  }
  if (!(await hasSchema(client, schema))) {
    if (!mayCreate) throw new DatabaseDamagedError(`schema ${schema}`, 'none of that name');
    await createSchema(client, options);
  }
  const { rows } = await client.query<{ version: string }>('SELECT version FROM format');
  const found = Number(rows[0]?.version ?? 0);
  if (found !== version) throw new RunSchemaUnknownError(`schema ${schema}`, found, version);
  const own = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return present(own.rows[0], 'the connection').pid;
}

/** A server may take hours to notice that a connection broke, and until then the lock is with it. */
async function endFormer(client: Client, pid: number): Promise<void> {
  await client.query(
    'SELECT pg_terminate_backend(pid, $1) FROM pg_stat_activity WHERE pid = $2 AND application_name = $3',
    [FORMER_END_MS_MAX, pid, connectionName()],
  );
}

/** The name that a connection of this process shows to others; PostgreSQL keeps 63 bytes of it. */
export function connectionName(): string {
  return `metaapo process ${process.pid} on ${hostname()}`;
}

/** Who has the lock, as far as the server tells this user. */
async function holderOf(client: Client, schema: string): Promise<StorageHolder | undefined> {
  const { rows } = await client.query<{ name: string | null; since: Date | null }>(
    `SELECT application_name AS name, backend_start AS since FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND granted AND objsubid = 1
       AND (classid::bigint << 32) | objid::bigint = hashtextextended($1, 0)`,
    [`metaapo ${schema}`],
  );
  const [holder] = rows;
  return holder?.name ? { name: holder.name, since: holder.since?.toISOString() ?? '' } : undefined;
}

async function hasSchema(client: Client, schema: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
  return rowCount === 1;
}

async function createSchema(client: Client, { schema, version, tables }: SchemaOptions): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`metaapo creates ${schema}`]);
    // Another process may have been first.
    if (!(await hasSchema(client, schema))) {
      await client.query(`CREATE SCHEMA ${client.escapeIdentifier(schema)}`);
      for (const table of tables) await client.query(table);
      await client.query('CREATE TABLE format (version BIGINT NOT NULL)');
      await client.query('INSERT INTO format VALUES ($1)', [version]);
      await client.query('CREATE TABLE commit_mark (one BIGINT PRIMARY KEY, id TEXT NOT NULL)');
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
