/**
 * @file A merged model as a Hugging Face folder: config.json, generation_config.json, the tokenizer's files, and weights in
 * one file or in shards. What the base is, a folder or a GGUF file, makes no difference to who opens it.
 */
import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DTYPE_BYTES, elementCount } from '#core';
import { CARRIED_FILES, modelKind, readGgufConfig } from '#ml/checkpoint';
import { MODEL_FILE, SHARD_INDEX_FILE, writeTensorSources, type WriteOptions } from '#ml/tensor';
import { readTokenizerFiles } from '#ml/tokenizer';
import type { MergedModel, MergedTensor } from './merged-model.js';

export type FolderDType = NonNullable<WriteOptions['dtype']>;

export interface ModelFolderOptions {
  readonly dtype: FolderDType;
  /** Bytes of weights in one file. @default 5e9 */
  readonly shardBytesMax?: number;
}

/** transformers' own. */
export const SHARD_BYTES_MAX = 5_000_000_000;
const TORCH_DTYPES = { f32: 'float32', f16: 'float16', bf16: 'bfloat16' } as const;

/** Writes the folder; it must not exist. */
export async function writeModelFolder(
  dir: string,
  model: MergedModel,
  { dtype, shardBytesMax = SHARD_BYTES_MAX }: ModelFolderOptions,
): Promise<void> {
  await writeFilesBesideWeights(dir, model, dtype);
  await writeWeights(dir, shards(model.tensors, shardBytesMax, DTYPE_BYTES[dtype]), dtype);
}

type ModelSource = Pick<MergedModel, 'basePath' | 'config'>;

type ChangeConfig = (config: Readonly<Record<string, unknown>>) => object;

/** Everything but the weights: config.json, as `change` makes it of the base's, generation_config.json and the tokenizer. */
export async function writeFilesBesideWeights(
  dir: string,
  model: ModelSource,
  dtype: FolderDType,
  change: ChangeConfig = (config) => config,
): Promise<void> {
  await mkdir(dir, { recursive: true });
  if ((await modelKind(model.basePath)) === 'gguf') await writeFromGguf(dir, model, dtype, change);
  else await carryOver(dir, model.basePath, dtype, change);
}

async function carryOver(dir: string, from: string, dtype: FolderDType, change: ChangeConfig): Promise<void> {
  const config = JSON.parse(await readFile(join(from, 'config.json'), 'utf8')) as Record<string, unknown>;
  config['torch_dtype' in config ? 'torch_dtype' : 'dtype'] = TORCH_DTYPES[dtype];
  await writeJson(join(dir, 'config.json'), change(config));
  for (const file of CARRIED_FILES) {
    const found = await stat(join(from, file)).catch(() => undefined);
    if (found?.isFile()) await copyFile(join(from, file), join(dir, file));
  }
}

async function writeFromGguf(
  dir: string,
  { basePath, config }: ModelSource,
  dtype: FolderDType,
  change: ChangeConfig,
): Promise<void> {
  await writeJson(
    join(dir, 'config.json'),
    change({ ...(await readGgufConfig(basePath)), dtype: TORCH_DTYPES[dtype] }),
  );
  await writeJson(join(dir, 'generation_config.json'), {
    bos_token_id: config.bosTokenId,
    eos_token_id: config.eosTokenIds,
    pad_token_id: config.padTokenId,
  });
  const files = await readTokenizerFiles(basePath);
  await writeFile(join(dir, 'tokenizer.json'), JSON.stringify(files.tokenizer));
  await writeJson(join(dir, 'tokenizer_config.json'), {
    tokenizer_class: 'PreTrainedTokenizerFast',
    clean_up_tokenization_spaces: false,
    model_max_length: config.contextTokensMax,
    ...files.config,
    ...files.specialTokens,
  });
  if (files.chatTemplate !== null) await writeFile(join(dir, 'chat_template.jinja'), files.chatTemplate);
}

/** Tensors in the model's order, cut where a file would grow too large; a larger tensor has a file of its own. */
export function shards(tensors: readonly MergedTensor[], bytesMax: number, elementBytes: number): MergedTensor[][] {
  const files: MergedTensor[][] = [[]];
  let filled = 0;
  for (const tensor of tensors) {
    const bytes = elementCount(tensor.dims) * elementBytes;
    if (filled > 0 && filled + bytes > bytesMax) {
      files.push([]);
      filled = 0;
    }
    files.at(-1)?.push(tensor);
    filled += bytes;
  }
  return files;
}

/** Writes model.safetensors, or shards with their index. */
export async function writeWeights(dir: string, files: readonly MergedTensor[][], dtype: FolderDType): Promise<void> {
  const weightMap: Record<string, string> = {};
  let byteCount = 0;
  for (const [index, tensors] of files.entries()) {
    const number = (value: number) => String(value).padStart(5, '0');
    const file = files.length === 1 ? MODEL_FILE : `model-${number(index + 1)}-of-${number(files.length)}.safetensors`;
    await writeTensorSources(join(dir, file), new Map(tensors.map((tensor) => [tensor.name, tensor])), { dtype });
    for (const { name, dims } of tensors) {
      weightMap[name] = file;
      byteCount += elementCount(dims) * DTYPE_BYTES[dtype];
    }
  }
  if (files.length === 1) return;
  await writeJson(join(dir, SHARD_INDEX_FILE), { metadata: { total_size: byteCount }, weight_map: weightMap });
}

export async function writeJson(path: string, value: object): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
