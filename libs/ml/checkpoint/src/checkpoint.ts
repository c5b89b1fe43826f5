/**
 * @file A model as a whole, a Hugging Face folder or a GGUF file: configuration, weights, and the digest that names both.
 */
import { copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TensorShapeMismatchError, digestOf, type DType, type Digest, type F32Tensor, type TensorMap } from '#core';
import {
  MODEL_FILE,
  SHARD_INDEX_FILE,
  readModelWeights,
  weightFiles,
  writeTensors,
  type ModelWeights,
} from '#ml/tensor';
import { ModelConfigInvalidError, TensorMissingError, TensorUnexpectedError } from './checkpoint.errors.js';
import { fileDigestHex } from './file-digest.js';
import { ggufDigest, readGgufWeights } from './gguf-checkpoint.js';
import type { ModelConfig } from './model-config.js';
import { modelKind } from './model-folder.js';
import { modelTensors } from './model-tensors.js';
import { CONFIG_FILE, GENERATION_CONFIG_FILE, readModelConfig } from './read-config.js';

export interface Checkpoint {
  /** The folder, or the GGUF file. */
  readonly dir: string;
  readonly config: ModelConfig;
  /** Digest of config and weights: equal bytes, equal digest, wherever they lie. */
  readonly digest: Digest;
  /** Every tensor of the model in float32 under its Hugging Face name, in the model's own order. */
  readonly tensors: TensorMap;
}

/** Tensors that other writers leave in files and that carry nothing: buffers, and the copy of a tied head. */
const REDUNDANT = /\.rotary_emb\.inv_freq$|\.masked_bias$/;
const TIED_HEAD = 'lm_head.weight';

/** What a saved folder takes over unchanged, where present. */
export const CARRIED_FILES = [
  GENERATION_CONFIG_FILE,
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'chat_template.jinja',
  'vocab.json',
  'merges.txt',
  'tokenizer.model',
];

/** Opens a model, a folder or a GGUF file, and reads its weights. */
export async function openCheckpoint(dir: string): Promise<Checkpoint> {
  const config = await readModelConfig(dir);
  if ((await modelKind(dir)) === 'gguf') {
    const stored = await readGgufWeights(dir, config);
    return { dir, config, digest: await ggufDigest(dir), tensors: checkTensors(config, stored, dir) };
  }
  const { tensors, fileDigests } = await readWeights(dir, config);
  return { dir, config, digest: await digestWith(dir, fileDigests), tensors: checkTensors(config, tensors, dir) };
}

/** The model's tensors in canonical order, each with the shape that the config gives it. */
export function checkTensors(config: ModelConfig, stored: TensorMap, where: string): TensorMap {
  const expected = modelTensors(config);
  const missing = expected.filter(({ name }) => !stored.has(name)).map(({ name }) => name);
  if (missing.length > 0) throw new TensorMissingError(where, missing);
  const tensors = new Map<string, F32Tensor>();
  for (const { name, dims } of expected) {
    const tensor = stored.get(name) as F32Tensor;
    if (dims.join() !== tensor.dims.join()) throw new TensorShapeMismatchError(name, dims, tensor.dims, where);
    tensors.set(name, tensor);
  }
  const unexpected = [...stored.keys()].filter((name) => {
    return !tensors.has(name) && !isRedundant(name, config.tiedEmbeddings);
  });
  if (unexpected.length > 0) throw new TensorUnexpectedError(where, unexpected);
  return tensors;
}

function isRedundant(name: string, tiedEmbeddings: boolean): boolean {
  return REDUNDANT.test(name) || (tiedEmbeddings && name === TIED_HEAD);
}

/**
 * Of a folder: digest over config.json, generation_config.json and the weight files, name and bytes of each. Of a GGUF
 * file: that of its bytes.
 */
export async function checkpointDigest(dir: string): Promise<Digest> {
  if ((await modelKind(dir)) === 'gguf') return ggufDigest(dir);
  const fileDigests = new Map<string, string>();
  for (const file of await weightFiles(dir)) fileDigests.set(file, await fileDigestHex(join(dir, file)));
  return digestWith(dir, fileDigests);
}

/** The same, with the digests of the weight files at hand. */
async function digestWith(dir: string, weightDigests: ReadonlyMap<string, string>): Promise<Digest> {
  const parts: string[] = [];
  for (const file of [CONFIG_FILE, GENERATION_CONFIG_FILE]) {
    const path = join(dir, file);
    if (file === CONFIG_FILE || (await exists(path))) parts.push(`${file}:${await fileDigestHex(path)}\n`);
  }
  for (const [file, digestHex] of weightDigests) parts.push(`${file}:${digestHex}\n`);
  return digestOf(...parts);
}

export interface SaveOptions {
  /** Model folder whose config and tokenizer the new one takes over. */
  readonly from: string;
  readonly to: string;
  readonly tensors: TensorMap;
  /** Element type in the file. @default 'f32' */
  readonly dtype?: Exclude<DType, 'i64'>;
}

const TORCH_DTYPES = { f32: 'float32', f16: 'float16', bf16: 'bfloat16' } as const;

/** Writes a model folder that transformers can open. From a GGUF file, or with an adapter worked in: `writeModelFolder` of #ml/export. */
export async function saveCheckpoint({ from, to, tensors, dtype = 'f32' }: SaveOptions): Promise<void> {
  await mkdir(to, { recursive: true });
  const checked = checkTensors(await readModelConfig(from), tensors, to);
  const config = JSON.parse(await readFile(join(from, CONFIG_FILE), 'utf8')) as Record<string, unknown>;
  config['torch_dtype' in config ? 'torch_dtype' : 'dtype'] = TORCH_DTYPES[dtype];
  await writeFile(join(to, CONFIG_FILE), `${JSON.stringify(config, null, 2)}\n`);
  for (const file of CARRIED_FILES) {
    if (await exists(join(from, file))) await copyFile(join(from, file), join(to, file));
  }
  await rm(join(to, SHARD_INDEX_FILE), { force: true });
  await writeTensors(join(to, MODEL_FILE), checked, { dtype });
}

async function readWeights(dir: string, { tiedEmbeddings }: ModelConfig): Promise<ModelWeights> {
  try {
    return await readModelWeights(dir, { skip: (name) => isRedundant(name, tiedEmbeddings) });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    const problem = `has no weights: expected ${MODEL_FILE}, or ${SHARD_INDEX_FILE} with its shards`;
    throw new ModelConfigInvalidError(dir, problem, cause);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
