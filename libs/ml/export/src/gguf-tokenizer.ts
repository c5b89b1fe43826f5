/**
 * @file A folder's tokenizer in GGUF's metadata: vocabulary, merges, special tokens, chat template. Byte-level BPE only;
 * others are refused by name. Source: llama.cpp's convert_hf_to_gguf.py, `get_vocab_base` and gguf's SpecialVocab.
 */
import type { ModelConfig } from '#ml/checkpoint';
import { gguf, type GgufValue } from '#ml/gguf';
import { readTokenizerFiles } from '#ml/tokenizer';
import { ExportUnsupportedError } from './export.errors.js';
import { preTokenizerName } from './pre-tokenizers.js';

export interface GgufTokenizer {
  readonly entries: readonly (readonly [string, GgufValue])[];
  readonly notes: readonly string[];
}

/** llama.cpp's `llama_token_type`. */
const TOKEN_TYPES = { normal: 1, control: 3, userDefined: 4, unused: 5 } as const;
const REMEDY = 'Export as safetensors, or start the run from a GGUF file of the base';

type Files = Awaited<ReturnType<typeof readTokenizerFiles>>;

/** @throws ExportUnsupportedError for tokenizers that GGUF cannot say here */
export async function ggufTokenizer(dir: string, config: ModelConfig): Promise<GgufTokenizer> {
  const files = await readTokenizerFiles(dir);
  const model = files.tokenizer['model'] as Readonly<Record<string, unknown>>;
  if (model['type'] !== 'BPE' || model['byte_fallback'] === true) {
    const kind = model['byte_fallback'] === true ? 'BPE with byte fallback (SentencePiece)' : String(model['type']);
    throw new ExportUnsupportedError(dir, `a tokenizer of type ${kind} as GGUF`, REMEDY);
  }
  const pre = preTokenizerName(files.tokenizer['pre_tokenizer'], model['ignore_merges'] === true);
  if (!pre) {
    throw new ExportUnsupportedError(dir, 'a pre-tokenizer that llama.cpp has no name for that we know', REMEDY);
  }
  const { tokens, types, ids } = vocabulary(files, model, config.vocabularySize);
  const template = files.chatTemplate;
  const notes = pre.prefixesBlank
    ? ['the tokenizer puts a blank in front of text, which GGUF cannot say: begin prompts with a blank']
    : [];
  return {
    entries: [
      ['tokenizer.ggml.model', gguf.string('gpt2')],
      ['tokenizer.ggml.pre', gguf.string(pre.name)],
      ['tokenizer.ggml.tokens', gguf.strings(tokens)],
      ['tokenizer.ggml.token_type', gguf.int32s(types)],
      ['tokenizer.ggml.merges', gguf.strings(mergesOf(model, dir))],
      ...specialEntries(files, config, ids),
      ...(template === null ? [] : [['tokenizer.chat_template', gguf.string(template)] as const]),
    ],
    notes,
  };
}

function vocabulary(files: Files, model: Readonly<Record<string, unknown>>, size: number) {
  const ids = new Map(Object.entries(model['vocab'] as Readonly<Record<string, number>>));
  const tokens = Array.from({ length: size }, (_, id) => `[PAD${id}]`);
  const types = new Int32Array(size).fill(TOKEN_TYPES.unused);
  const put = (token: string, id: number, type: number): void => {
    tokens[id] = token;
    types[id] = type;
  };
  for (const [token, id] of ids) put(token, id, TOKEN_TYPES.normal);
  for (const { content, id, special } of files.tokenizer.added_tokens) {
    ids.set(content, id);
    put(content, id, special ? TOKEN_TYPES.control : TOKEN_TYPES.userDefined);
  }
  if (tokens.length > size) {
    throw new ExportUnsupportedError(files.dir, `${tokens.length} tokens for an embedding of ${size} rows`, REMEDY);
  }
  return { tokens, types, ids };
}

/** `a b` each: tokens of byte-level BPE hold no blanks. */
function mergesOf(model: Readonly<Record<string, unknown>>, dir: string): string[] {
  const merges = model['merges'] as readonly (string | readonly [string, string])[];
  return merges.map((merge) => {
    const text = typeof merge === 'string' ? merge : merge.join(' ');
    if (text.split(' ').length === 2) return text;
    throw new ExportUnsupportedError(dir, `the merge ${JSON.stringify(merge)}, which holds a blank`, REMEDY);
  });
}

function specialEntries(
  files: Files,
  config: ModelConfig,
  ids: ReadonlyMap<string, number>,
): readonly (readonly [string, GgufValue])[] {
  const idOf = (role: keyof Files['specialTokens']) => ids.get(files.specialTokens[role] ?? '');
  const eos = idOf('eos_token') ?? config.eosTokenIds[0];
  // A turn or a message may end otherwise than a text; llama.cpp stops at each of the three.
  const [eot, eom] = config.eosTokenIds.filter((id) => id !== eos);
  const bos = idOf('bos_token') ?? config.bosTokenId ?? undefined;
  const named = {
    bos,
    eos,
    eot,
    eom,
    unknown: idOf('unk_token'),
    padding: idOf('pad_token') ?? config.padTokenId ?? undefined,
  };
  const entries = Object.entries(named).flatMap(([name, id]) =>
    id === undefined ? [] : [[`tokenizer.ggml.${name}_token_id`, gguf.uint32(id)] as const],
  );
  return [...entries, ['tokenizer.ggml.add_bos_token', gguf.bool(startsWith(files, bos))]];
}

/** Whether the tokenizer itself puts the start token in front. */
function startsWith({ tokenizer }: Files, bos: number | undefined): boolean {
  const processor = JSON.stringify(tokenizer['post_processor'] ?? null);
  return bos !== undefined && processor.includes(`"ids":[${bos}]`);
}
