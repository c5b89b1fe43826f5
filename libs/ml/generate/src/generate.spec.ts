import { describe, it } from 'node:test';
import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { drawToken, logProbOf, logSumExp, SampleInProgress, type SampleRules } from './index.js';

const PLAIN = { temperature: 1, topK: 0, topP: 1 };

/** Logits that make the tokens of a text likely one after the other; token ids are character codes. */
function logitsFor(character: string): Float32Array {
  const logits = new Float32Array(128).fill(-50);
  logits[character.charCodeAt(0)] = 0;
  return logits;
}

function rules(changes: Partial<SampleRules>): SampleRules {
  return {
    truncation: PLAIN,
    maxNewTokens: 16,
    endTokenIds: [0],
    stopTexts: [],
    decode: (ids) => String.fromCharCode(...ids),
    ...changes,
  };
}

function speak(text: string, changes: Partial<SampleRules> = {}): SampleInProgress {
  const sample = new SampleInProgress(rules(changes), { seed: 1n, sampleIndex: 0 });
  for (const character of text) if (!sample.finished) sample.next(logitsFor(character));
  return sample;
}

describe('drawing a token', () => {
  it('takes the lowest id of equal logits when greedy', () => {
    equal(drawToken(Float32Array.of(1, 3, 3, 2), { ...PLAIN, temperature: 0 }, 0.99).tokenId, 1);
  });

  it('covers the distribution by ascending id', () => {
    const logits = Float32Array.of(Math.log(0.25), Math.log(0.5), Math.log(0.25));
    deepEqual(
      [0, 0.24, 0.26, 0.74, 0.76, 0.999].map((uniform) => drawToken(logits, PLAIN, uniform).tokenId),
      [0, 0, 1, 1, 2, 2],
    );
  });

  it('gives the same token with and without a truncation that keeps all', () => {
    const logits = Float32Array.from({ length: 700 }, (_, i) => Math.sin(i * 7) * 3);
    for (let i = 0; i < 200; i++) {
      const plain = drawToken(logits, PLAIN, i / 200);
      const truncated = drawToken(logits, { ...PLAIN, topK: 700, minP: 1e-9 }, i / 200);
      equal(plain.tokenId, truncated.tokenId);
      ok(Math.abs(plain.logProb - truncated.logProb) < 1e-12);
    }
  });

  it('never draws a token of probability zero', () => {
    const logits = Float32Array.of(Number.NEGATIVE_INFINITY, 0, Number.NEGATIVE_INFINITY);
    for (const uniform of [0, 0.5, 1 - 2 ** -53]) equal(drawToken(logits, PLAIN, uniform).tokenId, 1);
  });

  it('refuses logits that are no numbers', () => {
    throws(() => drawToken(Float32Array.of(0, Number.NaN), PLAIN, 0.5), /Logit of token 1 is NaN/);
    throws(() => drawToken(Float32Array.of(0, Infinity), { ...PLAIN, temperature: 0 }, 0.5), /Infinity/);
  });
});

describe('log-sum-exp', () => {
  it('neither overflows nor loses what is far below the maximum', () => {
    ok(Math.abs(logSumExp(Float32Array.of(1000, 1000)) - (1000 + Math.log(2))) < 1e-12);
    ok(Math.abs(logProbOf(Float32Array.of(0, -60), 1) - -60) < 1e-12);
  });
});

describe('a sample', () => {
  it('ends with an end token, whose log-probability counts and whose id is left out', () => {
    const { finished } = speak('ab\u0000c');
    deepEqual(finished?.tokenIds, [97, 98]);
    equal(finished?.finishReason, 'stop_token');
    const expected = logProbOf(logitsFor('a'), 97) * 3;
    ok(Math.abs((finished?.logProbSum ?? 0) - expected) < 1e-12);
  });

  it('ends at its length limit', () => {
    deepEqual(speak('abcdef', { maxNewTokens: 3 }).finished?.tokenIds, [97, 98, 99]);
    equal(speak('abcdef', { maxNewTokens: 3 }).finished?.finishReason, 'length');
  });

  it('ends before the first stop text, even one that came token by token', () => {
    const { finished } = speak('one. two', { stopTexts: ['tw', '. '] });
    equal(finished?.finishReason, 'stop_text');
    equal(String.fromCharCode(...(finished?.tokenIds ?? [])), 'one');
  });

  it('leaves out a token that reaches into the stop text', () => {
    const syllables: SampleRules['decode'] = (ids) => ids.map((id) => (id === 97 ? 'x;' : ';y')).join('');
    const sample = new SampleInProgress(rules({ stopTexts: [';;'], decode: syllables }), { seed: 1n, sampleIndex: 0 });
    sample.next(logitsFor('a'));
    sample.next(logitsFor('b'));
    deepEqual(sample.finished?.tokenIds, []);
    equal(sample.finished?.logProbSum, 0);
  });

  it('is a function of seed and index', () => {
    const flat = new Float32Array(64);
    const draw = (seed: bigint, sampleIndex: number) => {
      const sample = new SampleInProgress(rules({ endTokenIds: [] }), { seed, sampleIndex });
      while (!sample.finished) sample.next(flat);
      return sample.finished.tokenIds.join();
    };
    equal(draw(5n, 2), draw(5n, 2));
    ok(draw(5n, 2) !== draw(5n, 3) && draw(5n, 2) !== draw(6n, 2));
  });
});
