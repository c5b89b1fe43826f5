/** @file What a folder holds, as far as one can see without working on the run: a run and its holder, or something else. */
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HOLDER_FILE, holderLiveness, parseHolder, type Holder } from './holder.js';
import { parseStatus, RUN_FORMAT, STATUS_FILE, type RunStatus } from './run-status.js';
import { RunFormatNewerError, RunStatusDamagedError } from './run-directory.errors.js';

/** A run as its directory shows it. */
export interface SeenRun {
  readonly path: string;
  readonly status: RunStatus;
  /** Who works on it, or did when it was killed; absent when nobody holds it. */
  readonly holder: Holder | undefined;
  readonly state: SeenState;
}

/** `interrupted`: its process is gone and had no time to say how it ended. `unknown`: its process is on another machine. */
export type SeenState = RunStatus['state'] | 'interrupted' | 'unknown';

/** A run in the directory; undefined when there is none. @throws RunFormatNewerError, RunStatusDamagedError */
export async function readRun(path: string): Promise<SeenRun | undefined> {
  const text = await textOf(join(path, STATUS_FILE));
  if (text === undefined) return undefined;
  const parsed = parseStatus(text);
  switch (parsed.kind) {
    case 'newer':
      throw new RunFormatNewerError(path, parsed.format, RUN_FORMAT);
    case 'damaged':
      throw new RunStatusDamagedError(path, parsed.problem);
    case 'status': {
      const { status } = parsed;
      const holder = await readHolder(path);
      return { path, status, holder, state: seenState(status, holder) };
    }
    default:
      return parsed satisfies never;
  }
}

/** Who holds the directory, or held it when it was killed. */
export async function readHolder(path: string): Promise<Holder | undefined> {
  const text = await textOf(join(path, HOLDER_FILE));
  return text === undefined ? undefined : parseHolder(text);
}

/** Runs below a folder, and what looked like one and could not be read; the latest first. */
export async function readRuns(folder: string): Promise<readonly (SeenRun | UnreadableRun)[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const paths = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name);
  const seen = await Promise.all(
    paths.map((name) => readRun(join(folder, name)).catch(unreadable(join(folder, name)))),
  );
  return seen.filter((run) => run !== undefined).toSorted((a, b) => timeOf(b).localeCompare(timeOf(a)));
}

export interface UnreadableRun {
  readonly path: string;
  readonly problem: Error;
}

function unreadable(path: string): (problem: unknown) => UnreadableRun {
  return (problem) => ({ path, problem: problem instanceof Error ? problem : new TypeError(String(problem)) });
}

function timeOf(run: SeenRun | UnreadableRun): string {
  return 'status' in run ? run.status.create_time : '';
}

/** True for a folder in which a version that wrote no `status.json` has begun a run. */
export async function holdsOlderRun(path: string): Promise<boolean> {
  const isThere = async (file: string): Promise<boolean> =>
    await stat(join(path, file)).then(
      () => true,
      () => false,
    );
  return (await isThere('run.sqlite')) && !(await isThere(STATUS_FILE));
}

function seenState({ state }: RunStatus, holder: Holder | undefined): SeenState {
  if (state !== 'running') return state;
  if (holder === undefined) return 'interrupted';
  const liveness = holderLiveness(holder);
  return liveness === 'alive' ? 'running' : liveness === 'dead' ? 'interrupted' : 'unknown';
}

async function textOf(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code)))
      return undefined;
    throw error;
  });
}
