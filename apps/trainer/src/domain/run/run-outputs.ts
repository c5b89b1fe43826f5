/** @file What a run leaves behind: adapter or model, φ, report. Nothing in it has an absolute path. */
import { join, resolve } from 'node:path';
import { writePeftFolder, type AdapterSpec } from '#ml/adapters';
import { saveCheckpoint } from '#ml/checkpoint';
import { renderReportHtml, type ReportData } from '#report';
import type { RunConfig } from '#run-config';
import { writeDurably } from '../storage/artifacts.js';
import type { RunResult } from './training-run.js';
import { asDiskError } from '../storage/storage.errors.js';

export interface OutputPlace {
  readonly runDirectory: string;
  readonly baseDirectory: string;
  readonly config: RunConfig;
  readonly spec: AdapterSpec;
}

/** Low-rank training: `adapter/` as PEFT reads it. Full training: `model/` as transformers reads it. */
export async function writePolicy(
  { runDirectory, baseDirectory, config, spec }: OutputPlace,
  { policy }: RunResult,
): Promise<void> {
  try {
    if (spec.kind === 'full') {
      const from = resolve(baseDirectory, config.model.path);
      await saveCheckpoint({ from, to: join(runDirectory, 'model'), tensors: policy.tensors });
    } else {
      const adapter = { spec, tensors: policy.tensors };
      await writePeftFolder(join(runDirectory, 'adapter'), adapter, { baseModel: config.model.path });
    }
  } catch (error) {
    throw asDiskError(error, 'the trained weights');
  }
}

export async function writeMetaLearner(runDirectory: string, { metaLearner }: RunResult): Promise<void> {
  if (!metaLearner) return;
  await writeDurably(join(runDirectory, 'meta-learner.json'), `${JSON.stringify(metaLearner, null, 1)}\n`);
}

export async function writeReport(runDirectory: string, report: ReportData): Promise<void> {
  await writeDurably(join(runDirectory, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  await writeDurably(join(runDirectory, 'report.html'), renderReportHtml(report));
}
