/**
 * @file How a tokenizer cuts text before it merges, by llama.cpp's name for it. llama.cpp's own converter knows it by the
 * digest of a text's ids; here the rule itself is compared. Source: convert_hf_to_gguf.py `get_vocab_base_pre` and
 * llama-vocab.cpp, which holds the expression behind each name.
 */
import { canonicalJson } from '#core';

/** A mark and letters of either case: as the models' own folders say it, and as a folder made of a GGUF file does. */
const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const CONTRACTIONS_SPELLED = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
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

/** Every digit by itself: as the model's own folder says it, and as a folder made of a GGUF file does. */
const EACH_DIGIT = [{ type: 'Digits', individual_digits: true }, isolated(String.raw`\p{N}`)].map((step) =>
  canonicalJson(step),
);

function byteLevelName(before: readonly string[]): string | undefined {
  if (before.length === 0) return 'gpt-2';
  return before.length === 1 && EACH_DIGIT.includes(before[0] as string) ? 'smollm' : undefined;
}

function splitName(before: readonly string[], ignoresMerges: boolean): string | undefined {
  const is = (expression: string) => {
    const spelled = expression.replace(CONTRACTIONS, CONTRACTIONS_SPELLED);
    return before.length === 1 && [expression, spelled].some((regex) => before[0] === canonicalJson(isolated(regex)));
  };
  // `dbrx` cuts as Llama 3 does; only the latter takes words that are tokens as they are.
  if (is(LLAMA3)) return ignoresMerges ? 'llama-bpe' : 'dbrx';
  return is(QWEN2) ? 'qwen2' : undefined;
}

function isolated(expression: string): object {
  return { type: 'Split', pattern: { Regex: expression }, behavior: 'Isolated', invert: false };
}

type Step = Readonly<Record<string, unknown>>;

function stepsOf(value: unknown): readonly Step[] {
  if (typeof value !== 'object' || value === null) return [];
  const step = value as Step;
  return step['type'] === 'Sequence' && Array.isArray(step['pretokenizers'])
    ? (step['pretokenizers'] as Step[])
    : [step];
}
