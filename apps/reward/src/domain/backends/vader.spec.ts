/** @file VADER's compound value as the reward. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDigest } from '#core';
import { loadAfinn } from './afinn.js';
import { loadVader } from './vader.js';

const vader = await loadVader();

async function scoreOf(response: string) {
  return vader.score({ prompt: { messages: [], text: '' }, response, truncated: false }, new AbortController().signal);
}

describe('vader', () => {
  it('gives the values of the published examples', async () => {
    // From the README of the authors' Python package.
    for (const [text, compound] of [
      ['VADER is smart, handsome, and funny.', 0.8316],
      ['VADER is smart, handsome, and funny!', 0.8439],
      ['VADER is not smart, handsome, nor funny.', -0.7424],
      ["At least it isn't a horrible book.", 0.431],
      ['The book was only kind of good.', 0.3832],
    ] as const) {
      assert.equal((await scoreOf(text)).score, compound, text);
    }
  });

  it('stays within [−1, 1] and tells the shares of words', async () => {
    const { score, components } = await scoreOf('good '.repeat(500));
    assert.ok(score > 0.99 && score <= 1);
    assert.deepEqual(components, { positive: 1, neutral: 0, negative: 0 });
    assert.deepEqual([vader.scoreMin, vader.scoreMax], [-1, 1]);
  });

  it('gives 0 to neutral texts and to names of object properties', async () => {
    for (const text of ['   ', 'a b', 'constructor hasOwnProperty valueOf'])
      assert.equal((await scoreOf(text)).score, 0, text);
  });

  it('has a digest of its own', async () => {
    assert.ok(isDigest(vader.weightsDigest));
    assert.notEqual(vader.weightsDigest, (await loadAfinn()).weightsDigest);
    assert.equal((await loadVader()).weightsDigest, vader.weightsDigest);
  });
});
