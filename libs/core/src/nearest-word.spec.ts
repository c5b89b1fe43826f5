/** Goal: a slip of the keys is recognised, and a word that resembles nothing is not guessed at. */
import { describe, it } from 'node:test';
import { equal } from 'node:assert/strict';
import { didYouMean, nearestWord } from './nearest-word.js';

const KEYS = ['samples_per_prompt', 'iterations', 'seed', 'reward', 'rewards'];

describe('the nearest word', () => {
  it('is found across a letter missed, added, changed, swapped, and another way of joining words', () => {
    equal(nearestWord('iteration', KEYS), 'iterations');
    equal(nearestWord('iterrations', KEYS), 'iterations');
    equal(nearestWord('iterotions', KEYS), 'iterations');
    equal(nearestWord('esed', KEYS), 'seed');
    equal(nearestWord('samplesPerPrompt', ['samples_per_turn', ...KEYS]), undefined);
    equal(nearestWord('samples-per-prompt', KEYS), 'samples_per_prompt');
  });

  it('is the nearer of two', () => {
    equal(nearestWord('rewardss', KEYS), 'rewards');
    equal(nearestWord('rewar', KEYS), 'reward');
  });

  it('is none where no word is near, short words least of all', () => {
    for (const written of ['', 'foo', 'frobnicate', 'need_more', 'x'.repeat(1e6)])
      equal(nearestWord(written, KEYS), undefined);
    equal(nearestWord('seed', []), undefined);
    equal(nearestWord('lr', ['k']), undefined);
  });

  it('ends a message, or does not', () => {
    equal(didYouMean('sed', KEYS), ' (did you mean `seed`?)');
    equal(didYouMean('foo', KEYS), '');
  });
});
