/**
 * @file The files of a tokenizer folder: tokenizer.json, tokenizer_config.json, and the chat template in its own file or,
 * the older way, inside the config. A GGUF file holds the same in its metadata.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, messageOf, parseForeignJson, type Digest } from '#core';
import { modelKind } from '#ml/checkpoint';
import { readGgufTokenizer } from './gguf-tokenizer.js';
import { TokenizerInvalidError } from './tokenizer.errors.js';

/** Roles of special tokens that chat templates may name, for instance `bos_token`. */
export const SPECIAL_ROLES = ['bos_token', 'eos_token', 'pad_token', 'unk_token', 'sep_token', 'cls_token'] as const;

export type SpecialRole = (typeof SPECIAL_ROLES)[number];

export interface AddedTokenEntry {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
}

export interface TokenizerFiles {
  readonly dir: string;
  /** Parsed tokenizer.json. */
  readonly tokenizer: Readonly<Record<string, unknown>> & { readonly added_tokens: readonly AddedTokenEntry[] };
  /** Parsed tokenizer_config.json; empty where absent. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly specialTokens: { readonly [R in SpecialRole]?: string };
  readonly chatTemplate: string | null;
  /** Digest of everything above but the template. */
  readonly tokenizerDigest: Digest;
  readonly templateDigest: Digest | null;
}

/** The tokenizer of a model: of a folder, its files; of a GGUF file, what they would hold. */
export async function readTokenizerFiles(dir: string): Promise<TokenizerFiles> {
  if ((await modelKind(dir)) === 'gguf') {
    const read = await readGgufTokenizer(dir);
    return { dir, ...read, ...digestsOf(JSON.stringify(read.tokenizer), read) };
  }
  const path = join(dir, 'tokenizer.json');
  const [tokenizerText, configText, mapText, templateFile] = await Promise.all(
    ['tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', 'chat_template.jinja'].map((name) =>
      readText(join(dir, name)),
    ),
  );
  if (tokenizerText === undefined) throw new TokenizerInvalidError(path, 'is missing');
  const tokenizer = parseObject(path, tokenizerText);
  if (typeof tokenizer['model'] !== 'object') throw new TokenizerInvalidError(path, 'has no model');
  const config = parseObject(join(dir, 'tokenizer_config.json'), configText ?? '{}');
  const map = parseObject(join(dir, 'special_tokens_map.json'), mapText ?? '{}');
  const specialTokens: Partial<Record<SpecialRole, string>> = {};
  for (const role of SPECIAL_ROLES) {
    const content = tokenContent(config[role] === undefined ? map[role] : config[role]);
    if (content !== undefined) specialTokens[role] = content;
  }
  const chatTemplate = templateFile ?? configTemplate(config['chat_template']);
  return {
    dir,
    tokenizer: { ...tokenizer, added_tokens: addedTokens(path, tokenizer['added_tokens'] ?? []) },
    config,
    specialTokens,
    chatTemplate,
    ...digestsOf(tokenizerText, { config, specialTokens, chatTemplate }),
  };
}

function digestsOf(
  tokenizerText: string,
  { config, specialTokens, chatTemplate }: Pick<TokenizerFiles, 'config' | 'specialTokens' | 'chatTemplate'>,
): Pick<TokenizerFiles, 'tokenizerDigest' | 'templateDigest'> {
  const { chat_template: _, ...rest } = config;
  return {
    tokenizerDigest: digestOf(tokenizerText, '\n', JSON.stringify(rest), '\n', JSON.stringify(specialTokens)),
    templateDigest: chatTemplate === null ? null : digestOf(chatTemplate),
  };
}

function addedTokens(path: string, value: unknown): AddedTokenEntry[] {
  const isEntry = (entry: unknown): entry is AddedTokenEntry =>
    isObject(entry) &&
    Number.isSafeInteger(entry['id']) &&
    typeof entry['content'] === 'string' &&
    entry['content'] !== '';
  if (Array.isArray(value) && value.every(isEntry)) return value;
  throw new TokenizerInvalidError(path, 'added_tokens must be a list of { id, content, … }');
}

/** A special token is its text, or an object that holds it. */
function tokenContent(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return isObject(value) && typeof value['content'] === 'string' ? value['content'] : undefined;
}

/** One template, or a list of named ones of which `default` counts. */
function configTemplate(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return null;
  const named = value.find((entry) => isObject(entry) && entry['name'] === 'default') as unknown;
  return isObject(named) && typeof named['template'] === 'string' ? named['template'] : null;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw cause;
  }
}

function parseObject(path: string, text: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = parseForeignJson(text);
  } catch (cause) {
    throw new TokenizerInvalidError(path, `is not JSON: ${messageOf(cause)}`, cause);
  }
  if (isObject(parsed)) return parsed;
  throw new TokenizerInvalidError(path, 'is not a JSON object');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
