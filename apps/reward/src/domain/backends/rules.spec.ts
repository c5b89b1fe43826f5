/** @file The rules `length` and `regex`, by hand. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadLength } from './length.js';
import { loadRegex, regexProblem } from './regex.js';
import type { Scorer } from './scorer.js';

const scoreOf = async (scorer: Scorer, response: string): Promise<number> => {
  const request = { prompt: { messages: [], text: '' }, response, truncated: false };
  return (await scorer.score(request, new AbortController().signal)).score;
};

describe('length', () => {
  it('counts words, or characters as people count them', async () => {
    const words = await loadLength({ backend: 'length' });
    assert.deepEqual([await scoreOf(words, "It's two-fold: a 1."), await scoreOf(words, '!?')], [6, 0]);
    const characters = await loadLength({ backend: 'length', unit: 'characters' });
    assert.equal(await scoreOf(characters, 'a😀b'), 3);
  });

  it('with a target is best at it', async () => {
    const near = await loadLength({ backend: 'length', target: 2 });
    assert.deepEqual(
      [await scoreOf(near, 'one'), await scoreOf(near, 'one two'), await scoreOf(near, 'a b c d')],
      [-1, 0, -2],
    );
  });

  it('has a digest that covers its settings', async () => {
    const specs = [{}, { unit: 'characters' }, { target: 2 }, { target: 3 }] as const;
    const scorers = await Promise.all(specs.map((spec) => loadLength({ backend: 'length', ...spec })));
    assert.equal(new Set(scorers.map(({ weightsDigest }) => weightsDigest)).size, specs.length);
  });
});

describe('regex', () => {
  it('is 1 where it matches, the same every time', async () => {
    const answer = await loadRegex({ backend: 'regex', pattern: '<answer>.+</answer>$', flags: 's' });
    assert.deepEqual(
      [await scoreOf(answer, '<answer>\n4</answer>'), await scoreOf(answer, '<answer></answer>')],
      [1, 0],
    );
    assert.equal(await scoreOf(answer, '<answer>4</answer>'), 1);
  });

  it('counts matches when asked to', async () => {
    const count = await loadRegex({ backend: 'regex', pattern: '\\d+', score: 'count' });
    assert.deepEqual(
      [await scoreOf(count, '1, 22 and 333'), await scoreOf(count, 'none'), await scoreOf(count, '1')],
      [3, 0, 1],
    );
  });

  it('names what is wrong with a pattern or its flags', () => {
    assert.equal(regexProblem('a+'), undefined);
    assert.match(String(regexProblem('(')), /Invalid regular expression/);
    assert.match(String(regexProblem('a', 'g')), /flags of i, m, s, u and v/);
  });
});
