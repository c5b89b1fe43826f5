/** @file The directory of a run: taken by one process, opened, and given back. */
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, type Clock } from '#core';
import { parseRunConfig } from '#run-config';
import { writeDurably } from '../storage/durable-file.js';
import type { Journal } from '../storage/journal.js';
import { holdRunDirectory } from '../storage/run-hold.js';
import { openRunStorage, type RunStorage, type RunStorageOptions } from '../storage/run-storage.js';
import { RunConfigChangedError, asDiskError } from '../storage/storage.errors.js';

export interface RunDirectory extends RunStorage {
  readonly path: string;
  readonly runId: string;
  /** Counts the processes that worked on this run, from 1. */
  readonly attempt: number;
  readonly createTimeMs: number;
  /** Iterations that earlier processes finished. */
  readonly iterationsDone: number;
  /** How the run ended, once it has succeeded. */
  readonly finished: FinishedRecord | undefined;
  /** Aborted when another process has taken the directory, since this one was silent for too long. */
  readonly taken: AbortSignal;
}

/** What the journal keeps of a run that succeeded. */
export interface FinishedRecord {
  readonly adapterDigest: string;
  readonly endTimeMs: number;
}

/** Facts of the journal that this file and those who finish iterations and runs agree on. */
export const ITERATIONS_DONE = 'iterations_done';
export const FINISHED = 'finished';
/** Digest of `config.yaml` as it was written last. */
export const CONFIG_TEXT = 'config_text';

export interface OpenOptions extends Omit<RunStorageOptions, 'clock'> {
  readonly clock: Clock;
  /** Where this process serves TrainerService; empty when it does not. */
  readonly address: string;
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
  const hold = await holdRunDirectory(path, options);
  let storage: RunStorage | undefined;
  try {
    storage = await openRunStorage(path, options);
    const opened = storage;
    const { journal, artifacts } = opened;
    await pinConfig(journal, path, options);
    const attempt = Number((await journal.fact('attempt')) ?? '0') + 1;
    await journal.commit({ facts: { attempt: String(attempt) } });
    const runId = await pinned(journal, 'run_id', options.newRunId);
    const createTimeMs = Number(await pinned(journal, 'create_time_ms', String(options.clock.nowMs())));
    await artifacts.sweep(await journal.artifactsInUse());
    await keepWhole(join(path, 'config.yaml'), options.configYaml);
    const close = async (): Promise<void> => {
      await opened.close();
      hold.release();
    };
    const iterationsDone = Number((await journal.fact(ITERATIONS_DONE)) ?? '0');
    const finished = await finishedRecord(path, journal);
    const { taken } = hold;
    return { ...opened, path, runId, attempt, createTimeMs, iterationsDone, finished, taken, close };
  } catch (error) {
    await storage?.close();
    hold.release();
    throw error;
  }
}

/** The end of the run, where its outputs are still there: what was deleted is made again from the journal. */
async function finishedRecord(path: string, journal: Journal): Promise<FinishedRecord | undefined> {
  const text = await journal.fact(FINISHED);
  if (text === undefined) return undefined;
  const isThere = async (name: string): Promise<boolean> => await exists(join(path, name));
  const hasPolicy = (await isThere('adapter')) || (await isThere('model'));
  if (!hasPolicy || !(await isThere('report.json'))) return undefined;
  const { adapter_digest: adapterDigest, end_time_ms: endTimeMs } = JSON.parse(text) as Record<string, unknown>;
  return { adapterDigest: String(adapterDigest), endTimeMs: Number(endTimeMs) };
}

/** As the journal keeps it. */
export function encodeFinished({ adapterDigest, endTimeMs }: FinishedRecord): string {
  return JSON.stringify({ adapter_digest: adapterDigest, end_time_ms: endTimeMs });
}

/**
 * Holds a run to its configuration. A later version may know further settings, and then names the same configuration by
 * another digest: what was written down, as that version reads it, is what counts.
 */
async function pinConfig(journal: Journal, path: string, { configDigest, configYaml }: OpenOptions): Promise<void> {
  const was = await pinned(journal, 'input.config', configDigest);
  if (was !== configDigest && !(await isWrittenAs(configDigest, { journal, path }))) {
    throw new RunConfigChangedError('config', was, configDigest);
  }
  await journal.commit({ facts: { 'input.config': configDigest, [CONFIG_TEXT]: digestOf(configYaml) } });
}

async function isWrittenAs(
  configDigest: string,
  { journal, path }: { readonly journal: Journal; readonly path: string },
): Promise<boolean> {
  try {
    const text = await readFile(join(path, 'config.yaml'), 'utf8');
    return digestOf(text) === (await journal.fact(CONFIG_TEXT)) && parseRunConfig(text).digest === configDigest;
  } catch {
    return false;
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

/** Writes a text unless it is there as it should be: a crash of the machine may have torn it. */
async function keepWhole(path: string, text: string): Promise<void> {
  const found = await readFile(path, 'utf8').catch(() => undefined);
  if (found !== text) await writeDurably(path, text);
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
