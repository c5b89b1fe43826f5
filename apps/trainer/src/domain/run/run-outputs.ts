/** @file What a run leaves behind: adapter or model, φ, report. Nothing in it has an absolute path. */
import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Digest, TensorMap } from '#core';
import { writePeftFolder, type AdapterSpec } from '#ml/adapters';
import { checkTensors, readModelConfig } from '#ml/checkpoint';
import { mergedModel, writeModelFolder } from '#ml/export';
import { renderReportHtml, type ReportData } from '#report';
import { POLICY_RECORD_FILE, encodePolicyRecord, type RunConfig } from '#run-config';
import { syncFolder, writeDurably } from '../storage/durable-file.js';
import type { Journal } from '../storage/journal.js';
import type { RunResult } from './training-run.js';
import { asDiskError } from '../storage/storage.errors.js';

export interface OutputPlace {
  readonly runDirectory: string;
  /** Path of the base model on this machine; only full training asks. */
  readonly locateBase: () => Promise<string>;
  readonly config: RunConfig;
  readonly spec: AdapterSpec;
  readonly baseDigest: string;
}

/** Low-rank training: `adapter/` as PEFT reads it. Full training: `model/` as transformers reads it. */
export async function writePolicy(
  { runDirectory, locateBase, config, spec, baseDigest }: OutputPlace,
  { policy }: RunResult,
): Promise<void> {
  try {
    if (spec.kind === 'full') {
      await writeModel(join(runDirectory, 'model'), await locateBase(), policy.tensors);
    } else {
      const adapter = { spec, tensors: policy.tensors };
      const { path: baseModel, lora } = config.model;
      await writePeftFolder(join(runDirectory, 'adapter'), adapter, { baseModel, baseDigest, init: lora.init });
    }
    // The journal says next that the run has finished, and a finished run is not looked at again.
    await syncFolder(join(runDirectory, spec.kind === 'full' ? 'model' : 'adapter'));
  } catch (error) {
    throw asDiskError(error, 'the trained weights');
  }
}

async function writeModel(folder: string, base: string, trained: TensorMap): Promise<void> {
  const config = await readModelConfig(base);
  const model = mergedModel({ dir: base, config, tensors: checkTensors(config, trained, folder) });
  await rm(folder, { recursive: true, force: true });
  await writeModelFolder(folder, model, { dtype: 'f32' });
}

/** Says which policy the run has reached, once one was trained. Paths are relative, so that a run can be moved with its base. */
export async function recordPolicy(
  {
    runDirectory,
    baseDirectory,
    baseDigest,
  }: Pick<OutputPlace, 'runDirectory' | 'baseDigest'> & { readonly baseDirectory: string },
  journal: Journal,
  policy: Digest,
): Promise<void> {
  const artifact = await journal.adapterArtifact(policy);
  if (artifact === undefined) return;
  const record = encodePolicyRecord({
    base_directory: relative(runDirectory, baseDirectory) || '.',
    base_digest: baseDigest,
    adapter_digest: policy,
    artifact,
  });
  await writeDurably(join(runDirectory, POLICY_RECORD_FILE), record);
}

export async function writeMetaLearner(runDirectory: string, { metaLearner }: RunResult): Promise<void> {
  if (!metaLearner) return;
  await writeDurably(join(runDirectory, 'meta-learner.json'), `${JSON.stringify(metaLearner, null, 1)}\n`);
}

export async function writeReport(runDirectory: string, report: ReportData): Promise<void> {
  await writeDurably(join(runDirectory, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  await writeDurably(join(runDirectory, 'report.html'), await renderReportHtml(report));
}
