/**
 * @file What a run's directory holds before the run begins: nothing, a run to go on with, a finished one, or something
 * that a run must not be put into. Nothing is ever deleted here.
 */
import { readFile, readdir, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describeHolder, holdsOlderRun, readRun, type SeenRun } from '#run-directory';
import { parseRunConfig, resultSettings } from '#run-config';
import { RunFailedError, UsageError } from '../cli.errors.js';
import { configDifferences } from './config-differences.js';
import type { RunPlan } from './run-plan.js';

export type ExistingRun =
  | { readonly kind: 'none' }
  /** A run that is not finished; `seen` is absent where a version that wrote no status began it. */
  | { readonly kind: 'unfinished'; readonly seen: SeenRun | undefined }
  | { readonly kind: 'finished'; readonly seen: SeenRun };

/** Undefined goes on where there is a run, and begins one where there is none. */
export type ResumeWish = 'resume' | 'fresh' | undefined;

/**
 * @throws UsageError for a folder that holds something else, or that contradicts the wish; RunFailedError
 * (`RUN_DIRECTORY_BUSY`, `RUN_CONFIG_CHANGED`); RunFormatNewerError
 */
export async function existingRun(plan: RunPlan, wish: ResumeWish): Promise<ExistingRun> {
  const { runDirectory } = plan;
  const found = await lookAt(runDirectory);
  if (wish === 'resume' && found.kind === 'none') {
    throw new UsageError(`--resume: expected a run in ${runDirectory}, found none. Leave it out to begin one`);
  }
  if (found.kind === 'none') return found;
  if (wish === 'fresh') {
    const free = await freeNameBeside(runDirectory);
    throw new UsageError(
      `--fresh: ${runDirectory} holds a run already, and nothing is ever deleted. Give a new directory: --run-dir ${free}`,
    );
  }
  if (found.seen) {
    refuseHeld(found.seen);
    await refuseOtherConfig(plan, found.seen);
    if (found.kind === 'finished') await refuseOtherData(plan, found.seen);
  }
  return found;
}

async function lookAt(runDirectory: string): Promise<ExistingRun> {
  const seen = await readRun(runDirectory);
  if (seen) return seen.state === 'succeeded' ? { kind: 'finished', seen } : { kind: 'unfinished', seen };
  if (await holdsOlderRun(runDirectory)) return { kind: 'unfinished', seen: undefined };
  const entries = await readdir(runDirectory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new UsageError(
      `--run-dir: expected a folder, or a path where one can be made, got ${runDirectory}: ${error.message}`,
    );
  });
  // A start that was cut short leaves these and no run.
  const others = entries.filter((name) => !/^(run\.lock|holder\.json|reward-requests\.sqlite)/.test(name));
  if (others.length === 0) return { kind: 'none' };
  throw new UsageError(
    `--run-dir: expected a run or an empty folder, found ${others.slice(0, 3).join(', ')}${others.length > 3 ? ', …' : ''} ` +
      `in ${runDirectory} and no run. Give another directory`,
  );
}

/** Before any service is started: another process would be refused by the trainer, after its models were loaded. */
function refuseHeld({ path, state, holder }: SeenRun): void {
  if (state !== 'running' || holder === undefined) return;
  throw new RunFailedError(
    'RUN_DIRECTORY_BUSY',
    `Run directory ${path} is in use by ${describeHolder(holder)}. Follow that run with: metaapo watch ${nearPath(path)}`,
  );
}

async function refuseOtherConfig({ digest, config }: RunPlan, { path, status }: SeenRun): Promise<void> {
  if (status.config_digest === digest) return;
  const was = await readFile(join(path, 'config.yaml'), 'utf8').catch(() => undefined);
  const differences = was === undefined ? undefined : configDifferences(settingsOf(was), resultSettings(config));
  // An earlier version named the same configuration by another digest.
  if (differences?.length === 0) return;
  const named = differences === undefined ? '' : `: ${differences.join(', ')}`;
  throw new RunFailedError(
    'RUN_CONFIG_CHANGED',
    `The run in ${path} was begun with another configuration${named}. ` +
      'Restore it, or give another directory with --run-dir',
  );
}

function settingsOf(text: string): object {
  try {
    return resultSettings(parseRunConfig(text).config);
  } catch {
    return {};
  }
}

/** Files above this size are not read to see whether a finished run has anything to do. */
const DATA_BYTES_MAX = 64 * 2 ** 20;

async function refuseOtherData({ inputs }: RunPlan, { path, status }: SeenRun): Promise<void> {
  for (const [input, file] of Object.entries(inputs)) {
    const was = status.inputs[input];
    const size = await stat(file).then(
      (found) => found.size,
      () => Number.POSITIVE_INFINITY,
    );
    if (was === undefined || size > DATA_BYTES_MAX || (await digestOfFile(file)) === was) continue;
    throw new RunFailedError(
      'RUN_CONFIG_CHANGED',
      `The run in ${path} is finished, and ${file} is no longer what it was trained with. ` +
        'Restore the file, or give another directory with --run-dir',
    );
  }
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return `sha256:${hash.digest('hex')}`;
}

/** The first of name-2, name-3, … that does not exist, as seen from the working directory. */
async function freeNameBeside(path: string): Promise<string> {
  const taken = new Set(await readdir(dirname(path)));
  let number = 2;
  while (taken.has(`${basename(path)}-${number}`)) number++;
  return nearPath(`${path}-${number}`);
}

/** Relative where that is shorter. */
export function nearPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near !== '' && near.length < path.length ? near : path;
}
