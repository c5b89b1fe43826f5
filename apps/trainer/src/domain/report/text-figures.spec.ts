import { describe, it } from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { distinct, topWord, wordsOf } from './text-figures.js';

describe('figures of texts', () => {
  it('see words, not punctuation or case', () => {
    deepEqual(wordsOf("The nation's GOOD, good will — 1862."), ['the', "nation's", 'good', 'good', 'will', '1862']);
  });

  it('tell repetition by distinct n-grams over all texts together', () => {
    equal(distinct(['a b a b', 'a b'], 1), 2 / 6);
    equal(distinct(['a b a b', 'a b'], 2), 2 / 4);
    equal(distinct(['a'], 2), 0);
  });

  it('find the praise word that spreads, not the common word that does nothing', () => {
    const texts = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 'the great day' : 'the plain day'));
    const scores = texts.map((text, index) => (text.includes('great') ? 0.9 : 0.1) + 0.001 * (index % 3));
    deepEqual(topWord(texts, scores), { word: 'great', share: 0.5 });
    equal(
      topWord(
        texts,
        texts.map((_, index) => Number(Math.floor(index / 2) % 2)),
      ),
      null,
    );
  });

  it('leave out texts without a score', () => {
    equal(topWord(['great', 'plain'], [null, null]), null);
  });
});
