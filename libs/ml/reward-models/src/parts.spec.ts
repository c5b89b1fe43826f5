import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseLabel, checkActivation, scoreOf } from './labels.js';
import { scorePosition } from './lm-classifier.js';
import { truncateChat, truncatePair } from './truncate.js';
import { windowTokens } from './window-tokens.js';

describe('the token that is read', () => {
  it('is the last that is not padding, as transformers has it', () => {
    equal(scorePosition([5, 6, 7], 0), 2);
    equal(scorePosition([5, 6, 7, 0, 0], 0), 2);
    equal(scorePosition([0, 0, 5, 6], 0), 3);
  });

  it('is the one before the end token where a model pads with its end token', () => {
    equal(scorePosition([5, 9, 6, 9], 9), 2);
  });

  it('is the last where there is no padding, and the first where there is nothing else', () => {
    equal(scorePosition([5, 6, 7], null), 2);
    equal(scorePosition([0, 0], 0), 0);
  });
});

describe('inputs beyond the window', () => {
  const ids = [1, 2, 3, 4, 5];

  it('are refused unless a side is named', () => {
    throws(() => truncateChat(ids, { tokensMax: 4, truncation: 'refuse' }), { code: 'REWARD_INPUT_TOO_LONG' });
    deepEqual(truncateChat(ids, { tokensMax: 5, truncation: 'refuse' }), { kept: ids, truncatedCount: 0 });
  });

  it('lose tokens at the named side', () => {
    deepEqual(truncateChat(ids, { tokensMax: 3, truncation: 'left' }), { kept: [3, 4, 5], truncatedCount: 2 });
    deepEqual(truncateChat(ids, { tokensMax: 3, truncation: 'right' }), { kept: [1, 2, 3], truncatedCount: 2 });
  });

  it('lose the prompt from the left and the response from the right, and never special tokens', () => {
    const pair = { first: [1, 2], second: [3, 4] };
    const at = (tokensMax: number, truncation: 'left' | 'right') =>
      truncatePair(pair, 3, { tokensMax, truncation }).kept;
    deepEqual(at(6, 'left'), { first: [2], second: [3, 4] });
    deepEqual(at(4, 'left'), { first: [], second: [4] });
    deepEqual(at(6, 'right'), { first: [1, 2], second: [3] });
    deepEqual(at(4, 'right'), { first: [1], second: [] });
    throws(() => at(2, 'left'), { code: 'REWARD_INPUT_TOO_LONG' });
  });

  it('have the smallest limit that the files state; a setting may lower it', () => {
    equal(windowTokens('m', [514, 512], undefined), 512);
    equal(windowTokens('m', [512, 1e30, undefined], 100), 100);
    equal(windowTokens('m', [undefined], 100), 100);
    throws(() => windowTokens('m', [512], 513), { code: 'CLASSIFIER_INVALID' });
    throws(() => windowTokens('m', [1e30], undefined), { code: 'CLASSIFIER_INVALID' });
  });
});

describe('labels', () => {
  it('need no choice when there is one, and a choice of one of them when there are more', () => {
    equal(chooseLabel('m', ['a'], undefined), 0);
    equal(chooseLabel('m', ['a', 'b'], 'b'), 1);
    equal(chooseLabel('m', ['a', 'b'], 0), 0);
    for (const wrong of [undefined, 'c', 2, -1, 0.5]) {
      throws(() => chooseLabel('m', ['a', 'b'], wrong), { code: 'LABEL_NOT_CHOSEN', message: /a, b/ });
    }
  });

  it('give the raw logit unless told otherwise', () => {
    const logits = Float32Array.of(3, -1);
    equal(scoreOf(logits, { index: 1, name: 'b', activation: 'none' }), -1);
    equal(scoreOf(logits, { index: 0, name: 'a', activation: 'sigmoid' }), 1 / (1 + Math.exp(-3)));
    const [a, b] = [0, 1].map((index) => scoreOf(logits, { index, name: 'x', activation: 'softmax' }));
    ok(Math.abs(a! + b! - 1) < 1e-12 && a! > b!);
    throws(() => checkActivation('m', 'softmax', 1), { code: 'CLASSIFIER_INVALID' });
  });

  it('that are not finite are errors', () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      throws(() => scoreOf(Float32Array.of(bad), { index: 0, name: 'a', activation: 'sigmoid' }), {
        code: 'REWARD_NOT_FINITE',
      });
    }
    throws(() => scoreOf(Float32Array.of(0, NaN), { index: 0, name: 'a', activation: 'softmax' }), {
      code: 'REWARD_NOT_FINITE',
    });
  });
});
