/** @file The directory of a run: taken by one process, opened, and given back. */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#core';
import { writeDurably } from '../storage/durable-file.js';
import type { Journal } from '../storage/journal.js';
import { lockRunDirectory } from '../storage/run-lock.js';
import { openRunStorage, type RunStorage, type RunStorageOptions } from '../storage/run-storage.js';
import { RunConfigChangedError, asDiskError } from '../storage/storage.errors.js';

export interface RunDirectory extends RunStorage {
  readonly path: string;
  readonly runId: string;
  /** Counts the processes that worked on this run, from 1. */
  readonly attempt: number;
  readonly createTimeMs: number;
}

export interface OpenOptions extends Omit<RunStorageOptions, 'clock'> {
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Id of the run when the directory is new. */
  readonly newRunId: string;
  readonly configDigest: string;
  readonly configYaml: string;
}

/** @throws RunDirectoryBusyError, RunConfigChangedError, DiskFullError */
export async function openRunDirectory(path: string, options: OpenOptions): Promise<RunDirectory> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw asDiskError(error, 'the run directory');
  });
  const lock = lockRunDirectory(path);
  let storage: RunStorage | undefined;
  try {
    storage = await openRunStorage(path, options);
    const opened = storage;
    const { journal, artifacts } = opened;
    await pinFact(journal, 'config', options.configDigest);
    const attempt = Number((await journal.fact('attempt')) ?? '0') + 1;
    await journal.commit({ facts: { attempt: String(attempt) } });
    const runId = await pinned(journal, 'run_id', options.newRunId);
    const createTimeMs = Number(await pinned(journal, 'create_time_ms', String(options.clock.nowMs())));
    await artifacts.sweep(await journal.artifactsInUse());
    if (!(await exists(join(path, 'config.yaml')))) await writeDurably(join(path, 'config.yaml'), options.configYaml);
    const close = async (): Promise<void> => {
      await opened.close();
      lock.release();
    };
    return { ...opened, path, runId, attempt, createTimeMs, close };
  } catch (error) {
    await storage?.close();
    lock.release();
    throw error;
  }
}

/** Holds a run to an input: the first process writes its digest down, later ones must bring the same. */
export async function pinFact(journal: Journal, input: string, digest: string): Promise<void> {
  const was = await pinned(journal, `input.${input}`, digest);
  if (was !== digest) throw new RunConfigChangedError(input, was, digest);
}

async function pinned(journal: Journal, name: string, value: string): Promise<string> {
  const was = await journal.fact(name);
  if (was !== undefined) return was;
  await journal.commit({ facts: { [name]: value } });
  return value;
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
