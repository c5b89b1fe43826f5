/** @file The directory of a run: taken by one process, opened, and given back. */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Artifacts, writeDurably } from '../storage/artifacts.js';
import { Journal } from '../storage/journal.js';
import { Ledger } from '../storage/ledger.js';
import { RunDatabase, type RunDatabaseOptions } from '../storage/run-database.js';
import { lockRunDirectory } from '../storage/run-lock.js';
import { RunConfigChangedError, asDiskError } from '../storage/storage.errors.js';

export interface RunDirectory {
  readonly path: string;
  readonly journal: Journal;
  readonly ledger: Ledger;
  readonly artifacts: Artifacts;
  readonly runId: string;
  /** Counts the processes that worked on this run, from 1. */
  readonly attempt: number;
  readonly createTimeMs: number;
  /** Gives the directory back; calling it again is harmless. */
  close(): void;
}

export interface OpenOptions extends RunDatabaseOptions {
  /** Id of the run when the directory is new. */
  readonly newRunId: string;
  readonly configDigest: string;
  readonly configYaml: string;
  readonly nowMs: number;
}

/** @throws RunDirectoryBusyError, RunConfigChangedError, DiskFullError */
export async function openRunDirectory(path: string, options: OpenOptions): Promise<RunDirectory> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw asDiskError(error, 'the run directory');
  });
  const lock = lockRunDirectory(path);
  let database: RunDatabase | undefined;
  try {
    database = RunDatabase.open(path, options);
    const opened = database;
    const journal = new Journal(database);
    pinFact(journal, 'config', options.configDigest);
    const attempt = Number(journal.fact('attempt') ?? '0') + 1;
    journal.setFact('attempt', String(attempt));
    const runId = pinned(journal, 'run_id', options.newRunId);
    const createTimeMs = Number(pinned(journal, 'create_time_ms', String(options.nowMs)));
    const artifacts = await Artifacts.open(path);
    await artifacts.sweep(journal.artifactsInUse());
    if (!(await exists(join(path, 'config.yaml')))) await writeDurably(join(path, 'config.yaml'), options.configYaml);
    const close = (): void => {
      opened.close();
      lock.release();
    };
    return { path, journal, ledger: new Ledger(database), artifacts, runId, attempt, createTimeMs, close };
  } catch (error) {
    database?.close();
    lock.release();
    throw error;
  }
}

/** Holds a run to an input: the first process writes its digest down, later ones must bring the same. */
export function pinFact(journal: Journal, input: string, digest: string): void {
  const was = pinned(journal, `input.${input}`, digest);
  if (was !== digest) throw new RunConfigChangedError(input, was, digest);
}

function pinned(journal: Journal, name: string, value: string): string {
  const was = journal.fact(name);
  if (was !== undefined) return was;
  journal.setFact(name, value);
  return value;
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
