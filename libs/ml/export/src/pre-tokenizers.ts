/**
 * @file How a tokenizer cuts text before it merges, by llama.cpp's name for it. llama.cpp's own converter knows it by the
 * digest of a text's ids; here the rule itself is compared. Source: convert_hf_to_gguf.py `get_vocab_base_pre` and
 * llama-vocab.cpp, which holds the expression behind each name.
 */
import { canonicalJson } from '#core';

const LLAMA3 = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const QWEN2 = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

interface PreTokenizer {
  /** llama.cpp's name. */
  readonly name: string;
  /** Whether text is given a blank in front, which GGUF cannot say. */
  readonly prefixesBlank: boolean;
}

/** The name of a `pre_tokenizer` of tokenizer.json; undefined where llama.cpp has none that we know. */
export function preTokenizerName(value: unknown, ignoresMerges: boolean): PreTokenizer | undefined {
  const steps = stepsOf(value);
  const bytes = steps.at(-1);
  if (bytes?.['type'] !== 'ByteLevel') return undefined;
  const prefixesBlank = bytes['add_prefix_space'] === true;
  const before = steps.slice(0, -1).map((step) => canonicalJson(step));
  const hasOwnRule = bytes['use_regex'] !== false;
  const name = hasOwnRule ? byteLevelName(before) : splitName(before, ignoresMerges);
  return name === undefined ? undefined : { name, prefixesBlank };
}

function byteLevelName(before: readonly string[]): string | undefined {
  if (before.length === 0) return 'gpt-2';
  const digits = canonicalJson({ type: 'Digits', individual_digits: true });
  return before.length === 1 && before[0] === digits ? 'smollm' : undefined;
}

function splitName(before: readonly string[], ignoresMerges: boolean): string | undefined {
  const is = (expression: string) => {
    const step = { type: 'Split', pattern: { Regex: expression }, behavior: 'Isolated', invert: false };
    return before.length === 1 && before[0] === canonicalJson(step);
  };
  // `dbrx` cuts as Llama 3 does; only the latter takes words that are tokens as they are.
  if (is(LLAMA3)) return ignoresMerges ? 'llama-bpe' : 'dbrx';
  return is(QWEN2) ? 'qwen2' : undefined;
}

type Step = Readonly<Record<string, unknown>>;

function stepsOf(value: unknown): readonly Step[] {
  if (typeof value !== 'object' || value === null) return [];
  const step = value as Step;
  return step['type'] === 'Sequence' && Array.isArray(step['pretokenizers'])
    ? (step['pretokenizers'] as Step[])
    : [step];
}
