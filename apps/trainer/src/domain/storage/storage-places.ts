/**
 * @file Where a run's journal and artifacts lie, if not in its directory: `storage.json`. Written once they are there, and
 * compared with the configuration ever after: a run that is pointed elsewhere would find nothing and begin anew.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { isUrl } from '#run-config';
import { DatabaseDamagedError } from './database.errors.js';
import { writeDurably } from './durable-file.js';
import { RunConfigChangedError } from './storage.errors.js';

/** As the configuration names them; null is the run's own. */
export interface StoragePlaces {
  readonly ledger: string | null;
  readonly journal: string | null;
  readonly artifacts: string | null;
}

export const OWN_PLACES: StoragePlaces = { ledger: null, journal: null, artifacts: null };

const STORAGE_FILE = 'storage.json';

const recordSchema = z.strictObject({
  format: z.literal(1),
  /** The run's own part of the places: a schema, a folder. */
  key: z.string().regex(/^[a-z0-9_]+$/),
  journal: z.string().nullable(),
  artifacts: z.string().nullable(),
});

export type StorageRecord = z.output<typeof recordSchema>;

/** Undefined where the run directory is new, or holds everything itself. @throws DatabaseDamagedError */
export async function readStorageRecord(directory: string): Promise<StorageRecord | undefined> {
  const text = await readFile(join(directory, STORAGE_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DatabaseDamagedError(STORAGE_FILE, 'no JSON', cause);
  }
  const parsed = recordSchema.safeParse(value);
  if (!parsed.success) throw new DatabaseDamagedError(STORAGE_FILE, z.prettifyError(parsed.error), parsed.error);
  return parsed.data;
}

export async function writeStorageRecord(directory: string, record: StorageRecord): Promise<void> {
  await writeDurably(join(directory, STORAGE_FILE), `${JSON.stringify(record, null, 1)}\n`);
}

/** @throws RunConfigChangedError (`RUN_CONFIG_CHANGED`) */
export function checkPlaces(held: Pick<StoragePlaces, 'journal' | 'artifacts'>, now: StoragePlaces): void {
  for (const place of ['journal', 'artifacts'] as const) {
    if (held[place] === now[place]) continue;
    throw new RunConfigChangedError(`storage.${place}`, held[place] ?? 'its own', now[place] ?? 'its own');
  }
}

/** A folder or file of the configuration, from its own folder; URLs as they are. */
export function absolutePlace(place: string, baseDirectory: string): string {
  return isUrl(place) ? place : resolve(baseDirectory, place);
}

/** What a run is called in a database or bucket: lower-case letters, digits and underscores. */
export function storageKey(runId: string): string {
  return `metaapo_${runId.toLowerCase().replace(/[^a-z0-9]+/g, '_')}`.slice(0, 63);
}
