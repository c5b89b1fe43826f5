/**
 * @file LoRA adapters on disk, as PEFT reads and writes them: adapter_config.json and adapter_model.safetensors.
 *
 * Reading refuses by name whatever PEFT can express and we would compute wrongly; writing names only what PEFT needs.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, parseForeignJson, type F32Tensor, type TensorMap } from '#core';
import { TORCH_METADATA, readTensorFile, toF32Tensor, writeTensors } from '#ml/tensor';
import type { Adapter } from './adapter.js';
import { AdapterBaseMismatchError, AdapterInvalidError } from './adapter.errors.js';
import type { LoraInit } from './initial-lora.js';
import { parseLoraName, type BaseShapes } from './lora-names.js';
import { loraRulesOf, peftConfigOf, refuseUnsupported, type PeftConfig } from './peft-config.js';
import { resolveLora } from './resolve-lora.js';
import { validateAdapter } from './validate-adapter.js';

export const ADAPTER_CONFIG_FILE = 'adapter_config.json';
export const ADAPTER_WEIGHTS_FILE = 'adapter_model.safetensors';

/** Where the weights' file names the base they were trained on; PEFT passes over it. */
const BASE_DIGEST = 'metaapo.base_digest';

/** Where PEFT keeps the head of a decoder that classifies. */
const SCORE_HEAD = 'base_model.model.score.weight';

export interface ReadPeftOptions {
  /** Digest of the base at hand; an adapter that names another one is refused. */
  readonly baseDigest?: string | undefined;
}

/**
 * Reads an adapter folder and checks it against the base it is for.
 *
 * @throws AdapterInvalidError, AdapterBaseMismatchError, FeatureUnsupportedError, TensorShapeMismatchError
 */
export async function readPeftFolder(
  dir: string,
  base: BaseShapes,
  { baseDigest }: ReadPeftOptions = {},
): Promise<Adapter> {
  const path = join(dir, ADAPTER_CONFIG_FILE);
  const config = await readConfig(path);
  refuseUnsupported(config, path);
  const { tensors, trainedOn } = await readWeights(join(dir, ADAPTER_WEIGHTS_FILE));
  if (trainedOn !== undefined && baseDigest !== undefined && trainedOn !== baseDigest) {
    throw new AdapterBaseMismatchError(dir, trainedOn, baseDigest);
  }
  const spec = resolveLora(loraRulesOf(config, path), base, { where: path, isStrict: false });
  const adapter: Adapter = { spec, tensors };
  validateAdapter(adapter, base, dir);
  return adapter;
}

export interface WritePeftOptions {
  /** What `base_model_name_or_path` says, so that PEFT finds the base; a name on the Hub or a relative path. */
  readonly baseModel: string;
  /** Digest of the base, kept with the weights. */
  readonly baseDigest?: string | undefined;
  /** How A began. @default 'kaiming' */
  readonly init?: LoraInit | undefined;
  /** Head of a sequence classifier, [labels, C], that was trained in full beside the factors: PEFT's `modules_to_save`. */
  readonly scoreHead?: F32Tensor | undefined;
}

/** Writes a LoRA adapter as a folder that PEFT opens. @throws AdapterInvalidError for full-parameter adapters. */
export async function writePeftFolder(
  dir: string,
  { spec, tensors }: Adapter,
  { baseModel, baseDigest, init = 'kaiming', scoreHead }: WritePeftOptions,
): Promise<void> {
  if (spec.kind !== 'lora') {
    throw new AdapterInvalidError(dir, 'PEFT holds LoRA adapters only; save full weights as a model folder');
  }
  const metadata = { ...TORCH_METADATA, ...(baseDigest !== undefined && { [BASE_DIGEST]: baseDigest }) };
  await mkdir(dir, { recursive: true });
  const saved = scoreHead ? new Map([...tensors, [SCORE_HEAD, scoreHead]]) : tensors;
  await writeTensors(join(dir, ADAPTER_WEIGHTS_FILE), saved, { metadata });
  const config = peftConfigOf(spec, { baseModel, init, isClassifier: scoreHead !== undefined });
  await writeFile(join(dir, ADAPTER_CONFIG_FILE), `${JSON.stringify(config, null, 2)}\n`);
}

async function readConfig(path: string): Promise<PeftConfig> {
  let parsed: unknown;
  try {
    parsed = parseForeignJson(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new AdapterInvalidError(path, `cannot be read as JSON: ${messageOf(cause)}`, cause);
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as PeftConfig;
  throw new AdapterInvalidError(path, 'is not a JSON object');
}

async function readWeights(
  path: string,
): Promise<{ readonly tensors: TensorMap; readonly trainedOn?: string | undefined }> {
  const file = await readTensorFile(path).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new AdapterInvalidError(path, 'is missing', cause);
  });
  const tensors = new Map<string, F32Tensor>();
  for (const [name, stored] of file.tensors) {
    if (!parseLoraName(name)) throw new AdapterInvalidError(path, `tensor ${name} is no LoRA factor`);
    tensors.set(name, toF32Tensor(stored, { name, where: path }));
  }
  return { tensors, trainedOn: file.metadata[BASE_DIGEST] };
}
