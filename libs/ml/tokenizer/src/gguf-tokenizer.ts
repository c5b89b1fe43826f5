/**
 * @file The tokenizer.json that a GGUF file's metadata amounts to. What the metadata cannot say, or says in words unknown
 * here, is refused by name: a tokenizer that is nearly right gives other ids, and nobody notices.
 *
 * Source of the keys: the `gguf` library's constants.py (0.19.0); of token types: llama.h, `llama_token_attr`.
 */
import { GgufFile, GgufInvalidError, GgufUnsupportedError, type GgufMetadata } from '#ml/gguf';
import { PRE_TOKENIZER_NAMES, preTokenizerOf } from './gguf-pre-tokenizers.js';
import { mergesByScore, sentencePieceParts } from './sentencepiece.js';
import type { AddedTokenEntry, SpecialRole } from './tokenizer-files.js';

const at = (key: string) => `tokenizer.ggml.${key}`;
const TOKEN_TYPES = { normal: 1, control: 3, userDefined: 4 } as const;

const ROLE_KEYS: Readonly<Record<SpecialRole, string>> = {
  bos_token: 'bos_token_id',
  eos_token: 'eos_token_id',
  pad_token: 'padding_token_id',
  unk_token: 'unknown_token_id',
  sep_token: 'seperator_token_id',
  cls_token: 'cls_token_id',
};

export interface GgufTokenizer {
  readonly tokenizer: Readonly<Record<string, unknown>> & { readonly added_tokens: readonly AddedTokenEntry[] };
  readonly config: Readonly<Record<string, unknown>>;
  readonly specialTokens: { readonly [R in SpecialRole]?: string };
  readonly chatTemplate: string | null;
}

/** Reads a GGUF file's tokenizer. @throws GgufInvalidError, GgufUnsupportedError */
export async function readGgufTokenizer(path: string): Promise<GgufTokenizer> {
  const file = await GgufFile.open(path);
  try {
    return ggufTokenizer(file.metadata);
  } finally {
    await file.close();
  }
}

/** The same from metadata at hand. */
export function ggufTokenizer(metadata: GgufMetadata): GgufTokenizer {
  const tokens = metadata.required(at('tokens'), metadata.texts(at('tokens')));
  const types = metadata.numbers(at('token_type')) ?? [];
  const vocabulary = new Map(tokens.map((token, id) => [token, id]));
  if (vocabulary.size !== tokens.length) throw metadata.wrong(at('tokens'), 'each token once');
  if (types.length !== 0 && types.length !== tokens.length) {
    throw metadata.wrong(at('token_type'), `${tokens.length} types, one per token`);
  }
  const vocabularyOf: Vocabulary = { tokens, types, vocabulary };
  const specialTokens = specialRoles(metadata, tokens);
  const built = buildModel(metadata, vocabularyOf);
  const added_tokens = tokens.flatMap((content, id) => {
    const special = types[id] === TOKEN_TYPES.control;
    if (content === '' || (!special && types[id] !== TOKEN_TYPES.userDefined)) return [];
    return [{ id, content, special, single_word: false, lstrip: false, rstrip: false, normalized: false }];
  });
  return {
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens,
      normalizer: built.normalizer,
      pre_tokenizer: built.preTokenizer,
      post_processor: postProcessor(metadata, { specialTokens, vocabulary, addsStartToken: built.addsStartToken }),
      decoder: built.decoder,
      model: { type: 'BPE', dropout: null, fuse_unk: false, ...built.model },
    },
    config: { ...specialTokens, clean_up_tokenization_spaces: false, tokenizer_class: 'PreTrainedTokenizerFast' },
    specialTokens,
    chatTemplate: metadata.text('tokenizer.chat_template') ?? null,
  };
}

interface Vocabulary {
  readonly tokens: readonly string[];
  readonly types: ArrayLike<number>;
  readonly vocabulary: ReadonlyMap<string, number>;
}

interface Built {
  readonly normalizer: object | null;
  readonly preTokenizer: object | null;
  readonly decoder: object;
  readonly model: object;
  readonly addsStartToken: boolean;
}

function buildModel(metadata: GgufMetadata, vocabulary: Vocabulary): Built {
  const model = metadata.required(at('model'), metadata.text(at('model')));
  if (model === 'gpt2') return byteLevelModel(metadata, vocabulary);
  if (model === 'llama') return sentencePieceModel(metadata, vocabulary);
  throw new GgufUnsupportedError(metadata.where, `tokenizer model ${model}`, 'gpt2 (byte-level BPE), llama (SPM)');
}

function byteLevelModel(metadata: GgufMetadata, { vocabulary }: Vocabulary): Built {
  const name = metadata.text(at('pre')) ?? 'default';
  const pre = preTokenizerOf(name);
  if (!pre) throw new GgufUnsupportedError(metadata.where, `pre-tokenizer ${name}`, PRE_TOKENIZER_NAMES.join(', '));
  const merges = metadata.required(at('merges'), metadata.texts(at('merges'))).map((merge) => {
    const pair = merge.split(' ');
    if (pair.length === 2 && pair.every((part) => vocabulary.has(part)) && vocabulary.has(pair.join(''))) return pair;
    const problem = `${JSON.stringify(merge).slice(0, 200)} does not join two tokens to a third`;
    throw new GgufInvalidError(metadata.where, problem, { key: at('merges') });
  });
  return {
    normalizer: pre.normalizer,
    preTokenizer: pre.preTokenizer,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      unk_token: null,
      byte_fallback: false,
      ignore_merges: pre.ignoresMerges,
      vocab: Object.fromEntries(vocabulary),
      merges,
    },
    addsStartToken: pre.addsStartToken,
  };
}

function sentencePieceModel(metadata: GgufMetadata, { tokens, types, vocabulary }: Vocabulary): Built {
  const scores = metadata.required(at('scores'), metadata.numbers(at('scores')));
  if (scores.length !== tokens.length) throw metadata.wrong(at('scores'), `${tokens.length} scores, one per token`);
  const unknown = metadata.integer(at('unknown_token_id')) ?? 0;
  const merges = mergesByScore({
    vocabulary,
    scores,
    joinable: tokens.filter((_, id) => types[id] === TOKEN_TYPES.normal),
  });
  return {
    ...sentencePieceParts(metadata.flag(at('add_space_prefix')) ?? true),
    preTokenizer: null,
    model: {
      unk_token: tokens[unknown] ?? null,
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
      vocab: Object.fromEntries(vocabulary),
      merges,
    },
    addsStartToken: true,
  };
}

function specialRoles(metadata: GgufMetadata, tokens: readonly string[]): { readonly [R in SpecialRole]?: string } {
  const roles: Partial<Record<SpecialRole, string>> = {};
  for (const [role, key] of Object.entries(ROLE_KEYS) as [SpecialRole, string][]) {
    const id = metadata.integer(at(key));
    if (id === undefined) continue;
    const token = tokens[id];
    if (token === undefined) throw metadata.wrong(at(key), `an id below ${tokens.length}`);
    roles[role] = token;
  }
  return roles;
}

interface Ends {
  readonly specialTokens: { readonly [R in SpecialRole]?: string };
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly addsStartToken: boolean;
}

/** Start and end tokens where the tokenizer itself adds them. */
function postProcessor(metadata: GgufMetadata, { specialTokens, vocabulary, addsStartToken }: Ends): object | null {
  const { bos_token: bos, eos_token: eos } = specialTokens;
  const start = (metadata.flag(at('add_bos_token')) ?? addsStartToken) ? bos : undefined;
  const end = (metadata.flag(at('add_eos_token')) ?? false) ? eos : undefined;
  const used = [start, end].filter((token) => token !== undefined);
  if (used.length === 0) return null;
  const piece = (token: string | undefined) =>
    token === undefined ? [] : [{ SpecialToken: { id: token, type_id: 0 } }];
  const around = (id: 'A' | 'B') => [...piece(start), { Sequence: { id, type_id: 0 } }, ...piece(end)];
  return {
    type: 'TemplateProcessing',
    single: around('A'),
    pair: [...around('A'), ...around('B')],
    special_tokens: Object.fromEntries(
      used.map((token) => [token, { id: token, ids: [vocabulary.get(token)], tokens: [token] }]),
    ),
  };
}
