/**
 * @file A reward model as transformers keeps it: a `…ForSequenceClassification` folder with one label, made of the folder
 * or GGUF file of the language model below it.
 *
 * It is made in two steps, so that a tokenizer can be opened from the very files that will be served, before there are
 * weights: files first, weights last.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { classifierName, type ModelConfig } from '#ml/checkpoint';
import type { MergedTensor } from './merged-model.js';
import { SHARD_BYTES_MAX, shards, writeFilesBesideWeights, writeJson, writeWeights } from './model-folder.js';

/** What a classifier's folder says otherwise than its base. */
export interface ClassifierFolderOptions {
  /** Folder or GGUF file of the language model. */
  readonly basePath: string;
  readonly config: ModelConfig;
  /** The head reads the last token that is not this one. */
  readonly padToken: { readonly id: number; readonly token: string };
  /** Chat template instead of the base's. */
  readonly chatTemplate?: string | undefined;
}

const LABEL = 'LABEL_0';

/** Writes config, tokenizer and template. */
export async function writeClassifierFiles(dir: string, options: ClassifierFolderOptions): Promise<void> {
  const { basePath, config, padToken, chatTemplate } = options;
  await writeFilesBesideWeights(dir, { basePath, config }, 'f32', (base) => ({
    ...base,
    architectures: [classifierName(config.architecture)],
    id2label: { 0: LABEL },
    label2id: { [LABEL]: 0 },
    num_labels: 1,
    pad_token_id: padToken.id,
    problem_type: 'regression',
  }));
  // A classifier generates nothing.
  await rm(join(dir, 'generation_config.json'), { force: true });
  await namePadToken(dir, padToken.token);
  if (chatTemplate !== undefined) await writeFile(join(dir, 'chat_template.jinja'), chatTemplate);
}

/** Writes the decoder's tensors and `score.weight`, in float32. */
export async function writeClassifierWeights(dir: string, tensors: readonly MergedTensor[]): Promise<void> {
  await writeWeights(dir, shards(tensors, SHARD_BYTES_MAX, Float32Array.BYTES_PER_ELEMENT), 'f32');
}

/** Whoever pads with the folder's tokenizer pads with what the model looks past. */
async function namePadToken(dir: string, token: string): Promise<void> {
  const path = join(dir, 'tokenizer_config.json');
  const text = await readFile(path, 'utf8').catch(() => '{}');
  const settings = JSON.parse(text) as Record<string, unknown>;
  const named = settings['pad_token'];
  const current = typeof named === 'object' && named !== null ? (named as { content?: unknown }).content : named;
  if (current !== token) await writeJson(path, { ...settings, pad_token: token });
}
