/**
 * @file What a training's directory holds before it begins: nothing, a training to go on with, a finished one, or something
 * that a training must not be put into. Nothing is ever deleted here.
 */
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRewardTrainingConfig, rewardTrainingSettings } from '#run-config';
import { RunFailedError, UsageError } from '../cli.errors.js';
import { configDifferences } from '../runs/config-differences.js';
import { nearPath, type ResumeWish } from '../runs/existing-run.js';
import { readTrainingReport, type TrainingReport } from './training-report.js';
import type { RewardTrainingPlan } from './training-plan.js';

export type ExistingTraining =
  | { readonly kind: 'none' }
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'finished'; readonly report: TrainingReport };

export const CONFIG_FILE = 'config.yaml';
/** As the training names it. */
const CHECKPOINT_FILE = 'checkpoint.safetensors';

/** @throws UsageError for a folder that holds something else, or that contradicts the wish; RunFailedError (`RUN_CONFIG_CHANGED`) */
export async function existingTraining(plan: RewardTrainingPlan, wish: ResumeWish): Promise<ExistingTraining> {
  const { runDirectory } = plan;
  const was = await readFile(join(runDirectory, CONFIG_FILE), 'utf8').catch(() => undefined);
  if (was === undefined) {
    await refuseOtherThings(runDirectory);
    if (wish !== 'resume') return { kind: 'none' };
    throw new UsageError(`--resume: expected a training in ${runDirectory}, found none. Leave it out to begin one`);
  }
  if (wish === 'fresh') {
    throw new UsageError(
      `--fresh: ${runDirectory} holds a training already, and nothing is ever deleted. Give a new directory with --run-dir`,
    );
  }
  const settings = settingsIn(was);
  if (settings === undefined) {
    throw new UsageError(
      `--run-dir: ${nearPath(runDirectory)} holds something other than a reward model's training. Give another directory`,
    );
  }
  const report = await readTrainingReport(runDirectory);
  // A start that was refused, before anything was computed, may be mended.
  if (!report && !(await exists(join(runDirectory, CHECKPOINT_FILE)))) return { kind: 'none' };
  refuseOtherConfig(plan, settings);
  return report ? { kind: 'finished', report } : { kind: 'unfinished' };
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

async function refuseOtherThings(runDirectory: string): Promise<void> {
  const entries = await readdir(runDirectory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new UsageError(
      `--run-dir: expected a folder, or a path where one can be made, got ${runDirectory}: ${error.message}`,
    );
  });
  if (entries.length === 0) return;
  throw new UsageError(
    `--run-dir: expected a training or an empty folder, found ${entries.slice(0, 3).join(', ')}${entries.length > 3 ? ', …' : ''} ` +
      `in ${runDirectory}. Give another directory`,
  );
}

function refuseOtherConfig({ config, runDirectory }: RewardTrainingPlan, settings: object): void {
  const differences = configDifferences(settings, rewardTrainingSettings(config));
  if (differences.length === 0) return;
  throw new RunFailedError(
    'RUN_CONFIG_CHANGED',
    `The training in ${runDirectory} was begun with another configuration: ${differences.join(', ')}. ` +
      'Restore it, or give another directory with --run-dir',
  );
}

function settingsIn(text: string): object | undefined {
  try {
    return rewardTrainingSettings(parseRewardTrainingConfig(text).config);
  } catch {
    return undefined;
  }
}
