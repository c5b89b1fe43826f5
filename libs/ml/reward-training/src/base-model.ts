/**
 * @file The language model that becomes a reward model, and the folder that will be served, made of it before there is
 * anything to train: its tokenizer is the one that pairs are encoded with.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, present, type Digest, type TensorMap } from '#core';
import { modelKind, openCheckpoint, type ModelConfig } from '#ml/checkpoint';
import { writeClassifierFiles } from '#ml/export';
import { ChatTemplateMissingError, ChatTokenizer, TokenizerInvalidError } from '#ml/tokenizer';
import { ChatTemplateUnreadableError, PadTokenMissingError, PadTokenUnknownError } from './reward-training.errors.js';
import type { ModelSettings } from './settings.js';

export interface BaseModel {
  /** With the head counted as tied, so that nobody asks for an output table. */
  readonly config: ModelConfig;
  /** The decoder's tensors, without an output table. */
  readonly backbone: TensorMap;
  readonly digest: Digest;
  /** Standard deviation of a new head. */
  readonly initializerRange: number;
}

const OUTPUT_TABLE = 'lm_head.weight';
/** transformers' own, where a config names none. */
const INITIALIZER_RANGE = 0.02;

/** @throws whatever opening a model throws: ArchitectureUnsupportedError, … */
export async function openBase(path: string): Promise<BaseModel> {
  const { config, tensors, digest } = await openCheckpoint(path);
  const backbone = new Map(tensors);
  backbone.delete(OUTPUT_TABLE);
  const initializerRange = await initializerRangeOf(path);
  return { config: { ...config, tiedEmbeddings: true }, backbone, digest, initializerRange };
}

async function initializerRangeOf(path: string): Promise<number> {
  if ((await modelKind(path)) === 'gguf') return INITIALIZER_RANGE;
  const config = JSON.parse(await readFile(join(path, 'config.json'), 'utf8')) as Record<string, unknown>;
  const { initializer_range: range } = config;
  return typeof range === 'number' && range > 0 ? range : INITIALIZER_RANGE;
}

export interface ServedFolder {
  readonly tokenizer: ChatTokenizer;
  readonly padToken: { readonly id: number; readonly token: string };
}

/** Writes everything but the weights into a folder that is made anew. @throws PadTokenMissingError, PadTokenUnknownError, ChatTemplateMissingError */
export async function prepareFolder(
  dir: string,
  { path, name, chatTemplatePath, padToken: wanted }: ModelSettings,
  config: ModelConfig,
): Promise<ServedFolder> {
  const load = async (from: string) => {
    return await ChatTokenizer.load(from, {
      vocabularySize: config.vocabularySize,
      eosTokenId: present(config.eosTokenIds[0], 'end token'),
    });
  };
  const padToken = padTokenOf(await load(path), { name, wanted, ofConfig: config.padTokenId });
  await rm(dir, { recursive: true, force: true });
  const chatTemplate = chatTemplatePath === null ? undefined : await templateText(chatTemplatePath);
  await writeClassifierFiles(dir, { basePath: path, config, padToken, chatTemplate });
  // The model's own tokenizer was loaded above: what is wrong now is the template.
  const tokenizer = await load(dir).catch((cause: unknown) => {
    if (chatTemplatePath === null || !(cause instanceof TokenizerInvalidError)) throw cause;
    throw new ChatTemplateUnreadableError(chatTemplatePath, cause.message, cause);
  });
  if (!tokenizer.hasChatTemplate) throw new ChatTemplateMissingError(name);
  return { tokenizer, padToken };
}

interface PadTokenSources {
  readonly name: string;
  readonly wanted: string | null;
  readonly ofConfig: number | null;
}

function padTokenOf(tokenizer: ChatTokenizer, { name, wanted, ofConfig }: PadTokenSources): ServedFolder['padToken'] {
  if (wanted !== null) {
    const [id, ...rest] = tokenizer.encode(wanted, { addSpecial: false });
    if (id === undefined || rest.length > 0 || tokenizer.tokenOf(id) !== wanted) {
      throw new PadTokenUnknownError(name, wanted);
    }
    return { id, token: wanted };
  }
  const token = ofConfig === null ? undefined : tokenizer.tokenOf(ofConfig);
  if (ofConfig !== null && token !== undefined) return { id: ofConfig, token };
  const named = tokenizer.specialToken('pad_token');
  if (named) return named;
  throw new PadTokenMissingError(name, tokenizer.tokenOf(tokenizer.eosTokenId) ?? '');
}

async function templateText(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ChatTemplateUnreadableError(path, messageOf(cause), cause);
  });
}
