/** @file How AFINN cuts words and sums them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDigest } from '#core';
import { loadAfinn, wordsOf } from './afinn.js';

const afinn = await loadAfinn();
const signal = new AbortController().signal;

async function scoreOf(response: string): Promise<{ score: number; comparative: number }> {
  const request = { prompt: { messages: [], text: '' }, response, truncated: false };
  const { score, components } = await afinn.score(request, signal);
  return { score, comparative: components['comparative']! };
}

describe('afinn', () => {
  it('cuts lower-case words that may hold apostrophes and hyphens inside, curly ones included', () => {
    assert.deepEqual(wordsOf("I CAN’T—won't; well-being, 'quoted' naïve gr8! a--b"), [
      'i',
      "can't",
      "won't",
      'well-being',
      'quoted',
      'naïve',
      'gr8',
      'a',
      'b',
    ]);
  });

  it('sums the valences and divides by the number of words', async () => {
    assert.deepEqual(await scoreOf('A good, GOOD day.'), { score: 6, comparative: 1.5 });
    assert.deepEqual(await scoreOf('catastrophic'), { score: -4, comparative: -4 });
  });

  it('lets the longest phrase count and not its parts', async () => {
    const [phrase, good] = [(await scoreOf('not good')).score, (await scoreOf('good')).score];
    assert.deepEqual([phrase, good], [-2, 3]);
    assert.equal((await scoreOf('this does not work')).score, -3);
    assert.equal((await scoreOf('good, not good')).score, good + phrase);
  });

  it('counts a hyphenated word that it does not know as its parts', async () => {
    assert.equal((await scoreOf('good-bad')).score, 0);
    assert.equal((await scoreOf('super-good')).score, (await scoreOf('super good')).score);
    assert.equal((await scoreOf('well-being')).comparative, (await scoreOf('well-being')).score);
  });

  it('gives 0 to texts without any word, and to names of object properties', async () => {
    for (const text of ['?!', 'constructor toString __proto__ hasOwnProperty', '123']) {
      assert.equal((await scoreOf(text)).score, 0, text);
    }
  });

  it('has a digest, and no bounds, since a sum has none', () => {
    assert.ok(isDigest(afinn.weightsDigest));
    assert.deepEqual([afinn.scoreMin, afinn.scoreMax], [undefined, undefined]);
  });
});
