/**
 * @file What a run has trained so far, with the base it is for: from `adapter/` or `model/` of a run that has ended, else
 * from the artifact that `policy.json` names.
 */
import { readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { messageOf, type TensorMap } from '#core';
import {
  AdapterBaseMismatchError,
  AdapterInvalidError,
  adapterDigest,
  readPeftFolder,
  resolveLora,
  type Adapter,
  type AdapterSpec,
  type BaseShapes,
} from '#ml/adapters';
import { checkpointDigest, modelTensors, readModelConfig } from '#ml/checkpoint';
import { parseHubName } from '#ml/hub';
import { readModelWeights, readF32Tensors } from '#ml/tensor';
import {
  POLICY_RECORD_FILE,
  loraRules,
  parsePolicyRecord,
  parseRunConfig,
  type PolicyRecord,
  type RunConfig,
} from '#run-config';
import { UsageError } from '../cli.errors.js';

export interface TrainedPolicy {
  readonly config: RunConfig;
  /** The base model: a folder or a GGUF file. */
  readonly basePath: string;
  /** What others call the base: its name on the Hub, or its path from the working directory. */
  readonly baseName: string;
  readonly baseDigest: string;
  readonly adapter: Adapter;
}

export interface ReadPolicyOptions {
  /** The base model, where the run's own path no longer leads to it. */
  readonly model?: string | undefined;
  /** Finds a model by path or by its name on the Hub. */
  readonly locate: (model: string) => Promise<string>;
}

/** @throws UsageError, AdapterBaseMismatchError, AdapterInvalidError, and what opening the base throws */
export async function readTrainedPolicy(
  runDirectory: string,
  { model: given, locate }: ReadPolicyOptions,
): Promise<TrainedPolicy> {
  const { config } = parseRunConfig(await readText(runDirectory, 'config.yaml'));
  const record = (await exists(join(runDirectory, POLICY_RECORD_FILE)))
    ? parsePolicyRecord(await readText(runDirectory, POLICY_RECORD_FILE), POLICY_RECORD_FILE)
    : undefined;
  const named = given ?? (await recordedBase(runDirectory, config, record));
  const basePath = await locate(named);
  // No file may hold where this machine keeps things.
  const baseName = isHubName(named) && !(await exists(named)) ? named : relative(process.cwd(), basePath) || '.';
  const model = await readModelConfig(basePath);
  const baseDigest = await checkpointDigest(basePath);
  if (record && record.base_digest !== baseDigest) {
    throw new AdapterBaseMismatchError(runDirectory, record.base_digest, baseDigest);
  }
  const shapes = new Map(modelTensors(model).map(({ name, dims }) => [name, dims]));
  const adapter =
    (await finishedPolicy(runDirectory, { shapes, baseDigest })) ??
    (await reachedPolicy(runDirectory, { config, record, shapes }));
  return { config, basePath, baseName, baseDigest, adapter };
}

/** Where the base lies as the run knew it; without a record, as someone in the folder of the configuration would. */
async function recordedBase(
  runDirectory: string,
  config: RunConfig,
  record: PolicyRecord | undefined,
): Promise<string> {
  const from = record ? resolve(runDirectory, record.base_directory) : process.cwd();
  const path = resolve(from, config.model.path);
  if (await exists(path)) return path;
  if (isHubName(config.model.path)) return config.model.path;
  throw new UsageError(`Expected the run's base model ${config.model.path} in ${from}; give its path with --model`);
}

/** `organisation/name`, perhaps with a revision: a single word is rather a folder that has gone. */
function isHubName(model: string): boolean {
  return model.includes('/') && parseHubName(model) !== undefined;
}

async function finishedPolicy(
  runDirectory: string,
  { shapes, baseDigest }: { readonly shapes: BaseShapes; readonly baseDigest: string },
): Promise<Adapter | undefined> {
  const [adapter, model] = [join(runDirectory, 'adapter'), join(runDirectory, 'model')];
  if (await exists(adapter)) return await readPeftFolder(adapter, shapes, { baseDigest });
  if (!(await exists(model))) return undefined;
  const { tensors } = await readModelWeights(model);
  return { spec: { kind: 'full' }, tensors };
}

/** The policy of a run that has not ended. */
async function reachedPolicy(
  runDirectory: string,
  {
    config,
    record,
    shapes,
  }: { readonly config: RunConfig; readonly record: PolicyRecord | undefined; readonly shapes: BaseShapes },
): Promise<Adapter> {
  if (!record) {
    throw new UsageError(`Expected the directory of a run that has trained a policy, got ${runDirectory}`);
  }
  const spec: AdapterSpec =
    config.model.training === 'full'
      ? { kind: 'full' }
      : resolveLora(loraRules(config), shapes, { where: 'model.lora' });
  const path = join(runDirectory, 'artifacts', record.artifact.replace(':', '-'));
  const tensors: TensorMap = await readF32Tensors(path);
  const digest = adapterDigest({ spec, tensors });
  if (digest !== record.adapter_digest) {
    throw new AdapterInvalidError(path, `expected the adapter ${record.adapter_digest}, found ${digest}`);
  }
  return { spec, tensors };
}

async function readText(runDirectory: string, file: string): Promise<string> {
  return await readFile(join(runDirectory, file), 'utf8').catch((cause: unknown) => {
    throw new UsageError(`Expected the directory of a run, got ${runDirectory}: ${messageOf(cause)}`, { cause });
  });
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
