/** @file `report.json` and `report.html` of a training: the figures, and the page drawn from them. */
import { open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { installedVersion, messageOf } from '#core';
import type { RewardTrainingRecord } from '#ml/reward-training';
import {
  REWARD_TRAINING_FORMAT,
  renderRewardTrainingHtml,
  rewardTrainingFigures,
  type RewardTrainingData,
  type RewardTrainingFigures,
} from '#report';
import { FileUnusableError } from '../cli.errors.js';
import type { RewardTrainingPlan } from './training-plan.js';

/** As it stands in the file. */
export interface TrainingReport extends RewardTrainingData {
  readonly format: typeof REWARD_TRAINING_FORMAT;
  readonly steps: RewardTrainingRecord['steps'];
  readonly heldOut: RewardTrainingRecord['heldOut'];
  readonly figures: RewardTrainingFigures;
}

const REPORT_FILE = 'report.json';
export const REPORT_PAGE = 'report.html';

/** Writes page and figures; the figures last, for they say that the training is finished. */
export async function writeTrainingReport(
  plan: RewardTrainingPlan,
  record: RewardTrainingRecord,
): Promise<TrainingReport> {
  const data = dataOf(plan, record);
  const report: TrainingReport = { format: REWARD_TRAINING_FORMAT, ...data, figures: rewardTrainingFigures(data) };
  const { runDirectory } = plan;
  await writeWhole(join(runDirectory, REPORT_PAGE), await renderRewardTrainingHtml(data));
  await writeWhole(join(runDirectory, REPORT_FILE), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

/** Undefined where the training is not finished, and for a report of something else or without its figures. */
export async function readTrainingReport(runDirectory: string): Promise<TrainingReport | undefined> {
  try {
    const text = await readFile(join(runDirectory, REPORT_FILE), 'utf8');
    const report = JSON.parse(text) as Partial<TrainingReport>;
    const isWhole = report.format === REWARD_TRAINING_FORMAT && report.figures?.after && report.heldOut;
    return isWhole ? (report as TrainingReport) : undefined;
  } catch {
    return undefined;
  }
}

/** Draws `report.html` again; gives its path, undefined where no training has written a report. */
export async function drawTrainingReport(runDirectory: string): Promise<string | undefined> {
  const report = await readTrainingReport(runDirectory);
  if (!report) return undefined;
  const path = join(runDirectory, REPORT_PAGE);
  await writeWhole(path, await renderRewardTrainingHtml(report));
  return path;
}

/** Writes a file so that it is there whole or not at all, and stays. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const partial = `${path}.partial`;
  try {
    await writeSynced(partial, text);
    await rename(partial, path);
    await using folder = await open(dirname(path), 'r');
    await folder.sync();
  } catch (cause) {
    throw new FileUnusableError(`${path} cannot be written: ${messageOf(cause)}`, { cause });
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  await using file = await open(path, 'w');
  await file.writeFile(text);
  await file.sync();
}

function dataOf(
  { config, configYaml }: RewardTrainingPlan,
  record: RewardTrainingRecord,
): Omit<TrainingReport, 'format' | 'figures'> {
  const { model, data, steps, heldOut, workMs } = record;
  const { architecture, training, trainedParameterCount, padToken, tokensMax } = model;
  return {
    name: config.name,
    seed: config.seed,
    serviceVersion: installedVersion(),
    configYaml,
    model: { base: config.model.path, architecture, training, trainedParameterCount, padToken, tokensMax },
    data: { counts: data.counts, overlap: data.overlap },
    steps,
    heldOut,
    workMs,
    digests: {
      model: model.digest,
      'base model': model.baseDigest,
      tokenizer: model.tokenizerDigest,
      ...(model.templateDigest !== null && { 'chat template': model.templateDigest }),
      'training data': data.trainDigest,
      ...(data.heldOutDigest !== null && { 'held-out data': data.heldOutDigest }),
    },
  };
}
