/** @file Test (i) of the algorithm, and what a draw depends on. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gate, type GateDecision, type GateItem, type GateOutcome } from './gate.js';
import { MetaLearner } from './meta-learner.js';
import { DEFAULT_SETTINGS } from './phi.js';
import { loadTensorFlow } from './tensorflow.js';

const { tf } = await loadTensorFlow('cpu');
const learner = MetaLearner.start(tf, DEFAULT_SETTINGS);
const key = { seed: 42n, iteration: 0 };

function decisionOf(outcome: GateOutcome | undefined): GateDecision {
  assert.ok(outcome?.ok);
  return outcome.decision;
}

const itemsOf = (count: number, score: (index: number) => number): GateItem[] =>
  Array.from({ length: count }, (_, index) => ({ itemId: `row-${index}`, score: score(index) }));

describe('the gate', () => {
  it('(i) samples at the mean of 1 − w within four binomial deviations', async () => {
    const outcomes = await gate(
      learner,
      itemsOf(4000, (index) => (-6 * (index + 0.5)) / 4000),
      key,
    );
    const decisions = outcomes.map(decisionOf);
    const expected = decisions.reduce((sum, { weight }) => sum + 1 - weight, 0);
    const variance = decisions.reduce((sum, { weight }) => sum + weight * (1 - weight), 0);
    const sampled = decisions.filter((decision) => decision.sampled).length;
    assert.ok(Math.abs(sampled - expected) < 4 * Math.sqrt(variance), `${sampled} sampled, ${expected} expected`);
  });

  it('samples exactly where the draw exceeds the weight, with draws in [0, 1)', async () => {
    for (const outcome of await gate(
      learner,
      itemsOf(300, (index) => -index / 100),
      key,
    )) {
      const { sampled, draw, weight } = decisionOf(outcome);
      assert.equal(sampled, draw > weight);
      assert.ok(draw >= 0 && draw < 1 && weight > 0 && weight < 1);
    }
  });

  it('gives an item the same decision in any company, in any order, chunked or not', async () => {
    const items = itemsOf(2000, (index) => -index / 500);
    const forwards = await gate(learner, items, key);
    const backwards = await gate(learner, items.toReversed(), key);
    assert.deepEqual(backwards.toReversed(), forwards);
    assert.deepEqual(await gate(learner, [items[1234]!], key), [forwards[1234]]);
  });

  it('draws anew for another seed, iteration or item', async () => {
    const item = { itemId: 'a', score: -1 };
    const drawOf = async (one: GateItem, seed: bigint, iteration: number) =>
      decisionOf((await gate(learner, [one], { seed, iteration }))[0]).draw;
    const draws = await Promise.all([
      drawOf(item, 1n, 0),
      drawOf(item, 2n, 0),
      drawOf(item, 1n, 1),
      drawOf({ ...item, itemId: 'b' }, 1n, 0),
    ]);
    assert.equal(new Set(draws).size, 4);
    assert.equal(await drawOf({ ...item, score: -2 }, 1n, 0), draws[0], 'the score moves the weight, not the draw');
  });

  it('gives a status to an item whose score is not finite or positive, and decides the others', async () => {
    const items = [Number.NaN, -1, Number.NEGATIVE_INFINITY, 0.5, -2].map((score, i) => ({ itemId: `${i}`, score }));
    const outcomes = await gate(learner, items, key);
    const codes = outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code));
    assert.deepEqual(codes, ['SCORE_NOT_FINITE', 'ok', 'SCORE_NOT_FINITE', 'SCORE_OUT_OF_RANGE', 'ok']);
  });

  it('stops at the next chunk when cancelled', async () => {
    const cancelled = AbortSignal.abort(new DOMException('gone', 'AbortError'));
    await assert.rejects(
      gate(
        learner,
        itemsOf(10, () => -1),
        key,
        cancelled,
      ),
      { name: 'AbortError' },
    );
  });
});
