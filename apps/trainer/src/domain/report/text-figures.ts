/** @file Figures of texts that show reward hacking: repetition, and praise words that spread. */

const WORD = /[\p{L}\p{N}]+(?:['’][\p{L}]+)*/gu;

/** Words in lower case. */
export function wordsOf(text: string): string[] {
  return (text.match(WORD) ?? []).map((word) => word.toLowerCase());
}

/** Distinct n-grams of words over all n-grams, counted over all texts together; 0 when there is none (Li et al., arXiv 1510.03055). */
export function distinct(texts: readonly string[], n: number): number {
  const seen = new Set<string>();
  let count = 0;
  for (const text of texts) {
    const words = wordsOf(text);
    for (let start = 0; start + n <= words.length; start++) {
      seen.add(words.slice(start, start + n).join(' '));
      count += 1;
    }
  }
  return count === 0 ? 0 : seen.size / count;
}

/** Texts that must hold a word before its effect is judged. */
const HOLDERS_MIN = 5;
/** Standard errors by which the mean reward with the word must exceed the mean without it. */
const ERRORS_MIN = 3;

/**
 * The most frequent word that raises the reward: among words whose holders score higher than the other texts by at least
 * three standard errors of the difference, the one in most texts (ties: the first by code unit).
 */
export function topWord(
  texts: readonly string[],
  scores: readonly (number | null)[],
): { readonly word: string; readonly share: number } | null {
  const scored = texts.flatMap((text, index) => {
    const score = scores[index];
    return typeof score === 'number' ? [{ words: new Set(wordsOf(text)), score }] : [];
  });
  const all = momentsOf(scored.map(({ score }) => score));
  const holders = new Map<string, number[]>();
  for (const { words, score } of scored) {
    for (const word of words) {
      const list = holders.get(word);
      if (list) list.push(score);
      else holders.set(word, [score]);
    }
  }
  let top: { word: string; count: number } | undefined;
  for (const [word, list] of holders) {
    if (list.length < HOLDERS_MIN || !raises(momentsOf(list), all)) continue;
    if (!top || list.length > top.count || (list.length === top.count && word < top.word)) {
      top = { word, count: list.length };
    }
  }
  return top ? { word: top.word, share: top.count / scored.length } : null;
}

interface Moments {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

function momentsOf(values: readonly number[]): Moments {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return { count: values.length, sum, squares };
}

/** Welch's comparison of the holders with all other texts. */
function raises(holders: Moments, all: Moments): boolean {
  const others = {
    count: all.count - holders.count,
    sum: all.sum - holders.sum,
    squares: all.squares - holders.squares,
  };
  if (others.count < HOLDERS_MIN) return false;
  const difference = holders.sum / holders.count - others.sum / others.count;
  const error = Math.sqrt(varianceOfMean(holders) + varianceOfMean(others));
  return difference > ERRORS_MIN * error;
}

function varianceOfMean({ count, sum, squares }: Moments): number {
  // Rounding may leave a constant group with a variance just below zero.
  return Math.max(0, (squares - (sum * sum) / count) / (count - 1)) / count;
}
