/** @file A whole training: model found, process started and followed to its end, report written, result told. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, systemClock } from '#core';
import { fromThreadError } from '#ml/engine';
import type { RewardTrainingRecord } from '#ml/reward-training';
import { InterruptedError, RunFailedError, UsageError } from '../cli.errors.js';
import type { CommandContext } from '../commands/context.js';
import { locateModel } from '../models/locate-model.js';
import { CONFIG_FILE } from './existing-training.js';
import { tellTraining } from './tell-training.js';
import { TrainingDisplay } from './training-display.js';
import { TrainingProcess } from './training-process.js';
import { settingsOf, type RewardTrainingPlan } from './training-plan.js';
import { writeTrainingReport, writeWhole } from './training-report.js';

export interface ExecuteTrainingOptions {
  readonly json: boolean;
  /** What to type to go on with the training. */
  readonly resumeCommand: string;
}

/** Carries a plan out. @throws InterruptedError, RunFailedError, ServiceDiedError, and the refusals of the training */
export async function executeTraining(
  plan: RewardTrainingPlan,
  { json, resumeCommand }: ExecuteTrainingOptions,
  context: CommandContext,
): Promise<void> {
  const { terminal } = context;
  const display = new TrainingDisplay({ terminal, json, clock: systemClock });
  display.note(`run directory: ${plan.runDirectory}`);
  const modelPath = await locateModel(plan.config.model.path, context, plan.baseDirectory);
  await makeFolder(plan.runDirectory);
  await writeWhole(join(plan.runDirectory, CONFIG_FILE), plan.configYaml);
  try {
    const record = await follow(plan, { modelPath, display, resumeCommand }, context);
    const report = await writeTrainingReport(plan, record);
    display.close();
    tellTraining(plan, report, { terminal, json, wasFinished: false });
  } finally {
    display.close();
  }
}

/** @throws UsageError where it cannot be made, for instance on a disk that is only read */
async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    const got = `${path}: ${messageOf(cause)}`;
    throw new UsageError(`--run-dir: expected a path where a folder can be made, got ${got}`, { cause });
  });
}

interface FollowOptions {
  readonly modelPath: string;
  readonly display: TrainingDisplay;
  readonly resumeCommand: string;
}

async function follow(
  plan: RewardTrainingPlan,
  { modelPath, display, resumeCommand }: FollowOptions,
  { interrupts }: CommandContext,
): Promise<RewardTrainingRecord> {
  const { runDirectory, digest: settingsDigest } = plan;
  const job = { runDirectory, settings: settingsOf(plan, modelPath), settingsDigest };
  const training = TrainingProcess.start(job, new Date(systemClock.nowMs()).toISOString(), display);
  const stop = (): void => {
    display.note('stopping after the batch in work; press Ctrl-C again to stop at once');
    training.stop();
  };
  const kill = (): void => training.kill();
  interrupts.stop.addEventListener('abort', stop, { once: true });
  interrupts.force.addEventListener('abort', kill, { once: true });
  if (interrupts.stop.aborted) stop();
  try {
    const end = await training.ended;
    switch (end.type) {
      case 'done':
        return end.record;
      case 'stopped':
        throw new InterruptedError(`Stopped; nothing that was finished is lost.\nGo on with: ${resumeCommand}`);
      case 'busy':
        throw new RunFailedError('RUN_DIRECTORY_BUSY', `Run directory ${runDirectory} is in use by ${end.holder}.`);
      case 'failed':
        throw fromThreadError(end.error);
      default:
        return end satisfies never;
    }
  } catch (thrown) {
    if (!interrupts.force.aborted) throw thrown;
    throw new InterruptedError(`Stopped at once; what was kept is not lost.\nGo on with: ${resumeCommand}`);
  } finally {
    interrupts.stop.removeEventListener('abort', stop);
    interrupts.force.removeEventListener('abort', kill);
  }
}
