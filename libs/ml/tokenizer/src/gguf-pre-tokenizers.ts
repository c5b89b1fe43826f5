/**
 * @file How a GGUF file's byte-level tokenizer cuts text before merging: `tokenizer.ggml.pre` → tokenizer.json's words.
 *
 * Each Split is one of llama.cpp's patterns, in its order. Source: llama.cpp's llama-vocab.cpp; where its patterns stand in
 * for Unicode classes that its own engine lacks (gpt-4o, tekken), those of the models' tokenizer.json.
 */

export interface PreTokenizer {
  readonly normalizer: object | null;
  readonly preTokenizer: object;
  /** A word that is a token is taken whole, whatever the merges say. */
  readonly ignoresMerges: boolean;
  /** Whether the start token goes in front where the file does not say. */
  readonly addsStartToken: boolean;
}

const CONTRACTIONS = String.raw`(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])`;
const WORD = String.raw`[^\r\n\p{L}\p{N}]?\p{L}+`;
const REST = String.raw` ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const REST_WITH_SLASH = String.raw` ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const UPPER = String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
const LOWER = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;
const CASED = [`${UPPER}*${LOWER}+`, `${UPPER}+${LOWER}*`].map((word) => String.raw`[^\r\n\p{L}\p{N}]?${word}`);
const GPT2 = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)`;

const LLAMA3 = cut(`${CONTRACTIONS}|${WORD}|\\p{N}{1,3}|${REST}`);

const PRE_TOKENIZERS: Readonly<Record<string, PreTokenizer>> = {
  'gpt-2': words(),
  // Every digit stands alone before GPT-2's pattern runs, which then meets the spaces before it by themselves.
  smollm: words([isolated(String.raw`\p{N}`)]),
  'llama-bpe': { ...LLAMA3, ignoresMerges: true, addsStartToken: true },
  dbrx: LLAMA3,
  qwen2: { ...cut(`${CONTRACTIONS}|${WORD}|\\p{N}|${REST}`), normalizer: { type: 'NFC' } },
  'gpt-4o': cut(`${CASED.map((word) => `${word}${CONTRACTIONS}?`).join('|')}|\\p{N}{1,3}|${REST_WITH_SLASH}`),
  tekken: { ...cut(`${CASED.join('|')}|\\p{N}|${REST_WITH_SLASH}`), ignoresMerges: true },
  default: plain([
    isolated(String.raw`[\p{P}$+<=>^~|]+`),
    isolated(GPT2),
    isolated(String.raw`\p{N}+`),
    isolated('[0-9][0-9][0-9]'),
  ]),
};

/** The names that llama.cpp knows the same rules under. */
const ALIASES: Readonly<Record<string, string>> = {
  llama3: 'llama-bpe',
  'llama-v3': 'llama-bpe',
  'phi-2': 'gpt-2',
  olmo: 'gpt-2',
  starcoder: 'smollm',
  smaug: 'dbrx',
};

export const PRE_TOKENIZER_NAMES: readonly string[] = [...Object.keys(PRE_TOKENIZERS), ...Object.keys(ALIASES)];

/** The rules of a name, or undefined. */
export function preTokenizerOf(name: string): PreTokenizer | undefined {
  const own = Object.hasOwn(ALIASES, name) ? (ALIASES[name] as string) : name;
  return Object.hasOwn(PRE_TOKENIZERS, own) ? PRE_TOKENIZERS[own] : undefined;
}

/** Text and what lies between are pieces alike. */
function isolated(pattern: string): object {
  return { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false };
}

function cut(pattern: string): PreTokenizer {
  return plain([isolated(pattern)]);
}

/** After these cuts, bytes. */
function plain(cuts: readonly object[]): PreTokenizer {
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false };
  return sequence([...cuts, bytes]);
}

/** After these cuts, GPT-2's own. */
function words(cuts: readonly object[] = []): PreTokenizer {
  return sequence([...cuts, { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: true }]);
}

function sequence(pretokenizers: readonly object[]): PreTokenizer {
  return {
    normalizer: null,
    preTokenizer: { type: 'Sequence', pretokenizers },
    ignoresMerges: false,
    addsStartToken: false,
  };
}
