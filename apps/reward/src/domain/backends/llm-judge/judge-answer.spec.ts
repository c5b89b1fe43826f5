/** @file What counts as a verdict, and what a judge may say that is none. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readScore, readVerdict } from './judge-answer.js';

const RANGE = { scoreMin: 1, scoreMax: 10 };

describe('a score', () => {
  for (const [reply, score] of [
    ['7', 7],
    [' 7.5\n', 7.5],
    ['1e1', 10],
    ['{"score": 8}', 8],
    ['{"reason": "Says \\"score\\": 3 in it.", "score": 8.25}', 8.25],
    ['```json\n{"score": 2}\n```', 2],
    ['```\n{"score": 2}\n```', 2],
    ['<think>A 9? No, {"score": 3} is fair.</think>\n{"score": 4}', 4],
  ] as const) {
    it(`is read from ${JSON.stringify(reply)}`, () => {
      assert.deepEqual(readScore(reply, RANGE), { ok: true, value: score });
    });
  }

  for (const reply of [
    '',
    "I'm sorry, but I can't help with that.",
    'Score: 8',
    '8/10',
    '8 out of 10',
    '07',
    '+7',
    'NaN',
    'Infinity',
    '11',
    '0.99',
    '-1',
    '{"score": 11}',
    '{"score": "8"}',
    '{"score": null}',
    '{"score": true}',
    '{"rating": 8}',
    '{"score": 1, "score": 10}',
    '{"score": 8} {"score": 9}',
    'The answer is good. {"score": 8}',
    '{"score": 8',
    '[8]',
    '"8"',
    '```json\n{"score": 8}\n``` Hope this helps!',
    '<think>{"score": 8}',
    '<think>still thinking',
    '{"reason": {"score": 8}}',
  ]) {
    it(`is not read from ${JSON.stringify(reply)}`, () => {
      const read = readScore(reply, RANGE);
      assert.ok(!read.ok);
      assert.match(read.problem, /expected a number from 1 to 10/);
    });
  }
});

describe('a verdict', () => {
  for (const [reply, verdict] of [
    ['A', 'A'],
    [' B\n', 'B'],
    ['{"verdict": "tie"}', 'tie'],
    ['{"reason": "B is longer", "verdict": "A"}', 'A'],
  ] as const) {
    it(`is read from ${JSON.stringify(reply)}`, () => {
      assert.deepEqual(readVerdict(reply), { ok: true, value: verdict });
    });
  }

  for (const reply of ['a', 'AB', 'Answer A', '[[A]]', '{"verdict": "a"}', '{"verdict": 1}', '7', '{"winner": "A"}']) {
    it(`is not read from ${JSON.stringify(reply)}`, () => {
      assert.ok(!readVerdict(reply).ok);
    });
  }
});
