/** @file The trained model where it is served from: weights into the folder that was prepared, then the folder in its place. */
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { present, type Digest, type TensorMap } from '#core';
import { writePeftFolder, type Adapter } from '#ml/adapters';
import { checkpointDigest } from '#ml/checkpoint';
import { CLASSIFIER_HEAD } from '#ml/engine';
import { mergedModel, writeClassifierWeights } from '#ml/export';
import type { BaseModel } from './base-model.js';
import type { ModelSettings } from './settings.js';
import { sync } from './sync.js';
import { withoutHead, type TrainedAtStart } from './trained-tensors.js';

/** Folders of a training, in its directory. */
export const MODEL_FOLDER = 'model';
export const PREPARED_FOLDER = 'model.partial';
export const ADAPTER_FOLDER = 'adapter';

export interface ResultParts {
  readonly runDirectory: string;
  readonly base: BaseModel;
  readonly model: ModelSettings;
  readonly spec: TrainedAtStart['spec'];
  readonly savesAdapter: boolean;
}

/** Writes `model/`, and `adapter/` where it is wanted; gives the model's digest. */
export async function writeResult(parts: ResultParts, trained: TensorMap): Promise<Digest> {
  const { runDirectory, base, model, spec, savesAdapter } = parts;
  const adapter: Adapter = { spec, tensors: withoutHead(trained) };
  const head = present(trained.get(CLASSIFIER_HEAD), 'head');
  const { tensors } = mergedModel({ dir: model.path, config: base.config, tensors: base.backbone }, adapter);
  const prepared = join(runDirectory, PREPARED_FOLDER);
  await writeClassifierWeights(prepared, [...tensors, { name: CLASSIFIER_HEAD, dims: head.dims, read: () => head }]);
  const digest = await checkpointDigest(prepared);
  if (spec.kind === 'lora' && savesAdapter) {
    const partial = join(runDirectory, `${ADAPTER_FOLDER}.partial`);
    await rm(partial, { recursive: true, force: true });
    const { name: baseModel, loraInit: init } = model;
    await writePeftFolder(partial, adapter, { baseModel, baseDigest: base.digest, init, scoreHead: head });
    await place(partial, join(runDirectory, ADAPTER_FOLDER));
  }
  await place(prepared, join(runDirectory, MODEL_FOLDER));
  await sync(runDirectory);
  return digest;
}

/** Moves a finished folder to its place; what a process that was killed had put there is the same and makes way. */
async function place(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) await sync(join(from, name));
  await sync(from);
  await rm(to, { recursive: true, force: true });
  await rename(from, to);
}
