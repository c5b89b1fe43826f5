/**
 * @file A judge that never trains: how much of the preferred reference answer does a response say?
 *
 *   ROUGE-L F1 (Lin 2004): with L the longest common subsequence of words, P = L / |response|, R = L / |reference|
 *
 * The reference is the chosen answer of the held-out pair, found by its prompt and cut to the length that samples may have.
 */
import { readFileSync } from 'node:fs';

export const scoreMin = 0;
export const scoreMax = 1;

const PAIRS = new URL('../../../shared/data/alpacaeval-pairs/test.jsonl', import.meta.url);
/** About as many words as 64 tokens hold. */
const REFERENCE_WORDS_MAX = 48;

const references = new Map(
  readFileSync(PAIRS, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .map(({ prompt, chosen }) => [prompt.at(-1).content, wordsOf(chosen.at(-1).content).slice(0, REFERENCE_WORDS_MAX)]),
);

export function score({ prompt, response }) {
  const question = prompt.messages.at(-1)?.content ?? prompt.text;
  const reference = references.get(question);
  if (!reference) throw new RangeError(`no reference answer for the prompt ${JSON.stringify(question.slice(0, 80))}`);
  const words = wordsOf(response);
  const common = commonSubsequence(words, reference);
  const f1 = common === 0 ? 0 : (2 * common) / (words.length + reference.length);
  return { score: f1 };
}

function wordsOf(text) {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Length of the longest common subsequence. */
function commonSubsequence(a, b) {
  let previous = Array.from({ length: b.length + 1 }, () => 0);
  for (const word of a) {
    const current = [0];
    b.forEach((other, j) => current.push(word === other ? previous[j] + 1 : Math.max(current[j], previous[j + 1])));
    previous = current;
  }
  return previous[b.length];
}
