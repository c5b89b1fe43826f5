/** @file The databases that journal and ledger may lie in, for specs that hold for all of them. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after } from 'node:test';
import { Client } from 'pg';
import type { Journal } from '../../apps/trainer/src/domain/storage/journal.js';
import type { Ledger } from '../../apps/trainer/src/domain/storage/ledger.js';
import { openRunStorage } from '../../apps/trainer/src/domain/storage/run-storage.js';
import { OWN_PLACES, storageKey } from '../../apps/trainer/src/domain/storage/storage-places.js';
import { HeldClock } from '../../apps/trainer/src/testing/held-clock.js';
import { postgresMissing, startPrivatePostgres, type PrivatePostgres } from './private-postgres.js';
import { temporaryFolder } from '../../apps/trainer/src/testing/toy-run.js';

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

/** To be called outside of any test: what it starts is stopped when the file has ended. */
export function storageBackends(): StorageBackend[] {
  after(async () => await (await server)?.remove());
  return [
    { name: 'SQLite', skip: false, place: sqlitePlace },
    { name: 'PostgreSQL', skip: postgresMissing(), place: postgresPlace },
  ];
}

async function sqlitePlace(): Promise<StoragePlace> {
  const folder = temporaryFolder();
  const clock = new HeldClock();
  const alter = async (sql: string): Promise<void> => {
    const database = new DatabaseSync(join(folder, 'run.sqlite'));
    database.exec(sql);
    database.close();
  };
  return {
    open: async () => ({
      ...(await openRunStorage(folder, { clock, newRunId: 'r', leasesClaims: true })),
      clock,
      alter,
    }),
  };
}

let server: Promise<PrivatePostgres> | undefined;
let placeCount = 0;

/** One server for all specs of a file, which has called `storageBackends`. */
export async function sharedPostgres(): Promise<PrivatePostgres> {
  server ??= startPrivatePostgres();
  return await server;
}

async function postgresPlace(): Promise<StoragePlace> {
  const { url } = await sharedPostgres();
  const folder = temporaryFolder();
  const clock = new HeldClock();
  const newRunId = `run-${placeCount++}`;
  const alter = async (sql: string): Promise<void> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`SET search_path = ${storageKey(newRunId)}`);
    await client.query(sql);
    await client.end();
  };
  const options = { clock, newRunId, leasesClaims: true, places: { ...OWN_PLACES, journal: url } };
  return { open: async () => ({ ...(await openRunStorage(folder, options)), clock, alter }) };
}
