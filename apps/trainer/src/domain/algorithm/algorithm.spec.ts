import { describe, it } from 'node:test';
import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { Rng, f32Tensor, type Digest } from '#core';
import { metaLearnerReference } from '#ml/losses';
import type { Sample } from '../ports/policy-port.js';
import { GradientSum } from './gradient-sum.js';
import { decideLocally } from './local-gate.js';
import { bufferOf, metaUpdatesDue, withShuffledOnline } from './meta-buffer.js';
import { bestAgainstWorst } from './pairing.js';
import { pairScore } from './preference-score.js';
import { referenceOf } from './reference.js';
import { chunked, orderedRows, partOf } from './rows.js';

function sample(text: string): Sample {
  return { tokenIds: text === '' ? [] : [1], text, logProbSum: -1, finish: 'stop_token' };
}

describe('rows', () => {
  const rows = Array.from({ length: 23 }, (_, index) => ({
    id: `row-${index}`,
    prompt: { text: 'the same prompt' },
    chosen: 'a',
    rejected: 'b',
  }));

  it('are dealt to iterations once each, in parts that differ by at most one', () => {
    const ordered = orderedRows(rows, { seed: 3, rowsMax: null });
    const parts = [0, 1, 2].map((iteration) => partOf(ordered, { iteration, iterations: 3 }));
    deepEqual(parts.flat(), ordered);
    deepEqual(
      parts.map(({ length }) => length),
      [7, 8, 8],
    );
    equal(new Set(ordered.map(({ id }) => id)).size, 23);
  });

  it('come in an order that the seed decides', () => {
    const ids = (seed: number) => orderedRows(rows, { seed, rowsMax: 10 }).map(({ id }) => id);
    deepEqual(ids(3), ids(3));
    ok(ids(3).join() !== ids(4).join());
    equal(ids(3).length, 10);
  });

  it('are grouped in order', () => {
    deepEqual(chunked([1, 2, 3, 4, 5], 2), [[1, 2], [3, 4], [5]]);
  });
});

describe('pairing', () => {
  const texts = ['one', 'two', 'three', 'four'].map(sample);

  it('takes the best against the worst, the first of equals', () => {
    const pairing = bestAgainstWorst(texts, [1, 3, 3, 1]);
    ok(pairing.kind === 'pair');
    deepEqual([pairing.pair.chosen.text, pairing.pair.rejected.text], ['two', 'one']);
  });

  it('drops rows whose rewards all tie, and rows whose best and worst are one text', () => {
    equal(bestAgainstWorst(texts, [2, 2, 2, 2]).kind, 'tie');
    equal(bestAgainstWorst([sample('x'), sample('x')], [1, 2]).kind, 'tie');
  });

  it('pairs what was annotated, and needs two', () => {
    const pairing = bestAgainstWorst(texts, [null, 0.5, null, -0.5]);
    ok(pairing.kind === 'pair');
    deepEqual([pairing.pair.chosen.text, pairing.pair.rejected.text], ['two', 'four']);
    equal(bestAgainstWorst(texts, [null, 0.5, null, null]).kind, 'invalid');
    equal(bestAgainstWorst([sample(''), sample(' '), sample('x')], [9, 8, 1]).kind, 'invalid');
  });
});

describe('local gates', () => {
  const rate = (gate: Parameters<typeof decideLocally>[0], score: number): number => {
    const count = 20_000;
    let sampled = 0;
    for (let index = 0; index < count; index++) {
      if (decideLocally(gate, { itemId: `row-${index}`, score }, { seed: 11, iteration: 2 }).sampled) sampled += 1;
    }
    return sampled / count;
  };

  // Test (i) of the method's list: the rate is mean(1 − w) within five standard errors of a binomial.
  it('sample at the rate of mean(1 − w)', () => {
    const within = (got: number, expected: number) =>
      ok(Math.abs(got - expected) < 5 * Math.sqrt((expected * (1 - expected)) / 20_000), `${got} against ${expected}`);
    within(rate({ kind: 'random', ratio: 0.3 }, -1), 0.3);
    within(rate({ kind: 'sigmoid' }, -Math.LN2), 2 / 3);
    equal(rate({ kind: 'all' }, -1), 1);
    equal(rate({ kind: 'none' }, -1), 0);
  });

  it('compare the score with a threshold', () => {
    equal(rate({ kind: 'threshold', threshold: -0.5 }, -0.6), 1);
    equal(rate({ kind: 'threshold', threshold: -0.5 }, -0.4), 0);
  });

  it('draw for a row what no other row, iteration or seed changes', () => {
    const decide = (seed: number, iteration: number) =>
      decideLocally({ kind: 'sigmoid' }, { itemId: 'row-7', score: -1 }, { seed, iteration }).draw;
    equal(decide(1, 2), decide(1, 2));
    ok(decide(1, 2) !== decide(1, 3) && decide(1, 2) !== decide(2, 2));
  });
});

describe('the reference', () => {
  const starts = ['sha256:warm-up', 'sha256:one', 'sha256:two'] as Digest[];

  it('is the base throughout when frozen', () => {
    deepEqual(
      [0, 1, 2].map((iteration) => referenceOf('frozen_sft', iteration, starts)),
      ['', '', ''],
    );
  });

  it('lags one iteration otherwise, and is never the policy that starts the iteration', () => {
    deepEqual(
      [0, 1, 2].map((iteration) => referenceOf('lagged', iteration, starts)),
      ['', 'sha256:warm-up', 'sha256:one'],
    );
  });
});

describe('preference scores', () => {
  const objective = { loss: 'dpo', beta: 0.1, gamma: 0, inputBeta: 1 } as const;

  // Test (j): policy equal to reference gives s = −ln 2, and the untrained meta-learner w = 0.33358.
  it('are −ln 2 where policy and reference agree, and the gate then knows nothing', () => {
    const { delta, score } = pairScore({ sums: [-5, -5], tokenCount: 3 }, { sums: [-9, -9], tokenCount: 4 }, objective);
    equal(delta, 0);
    ok(Math.abs(score + Math.LN2) < 1e-15);
    const hidden = (value: number) => Array.from({ length: 100 }, () => value);
    const start = { hiddenWeights: hidden(0.1), hiddenBiases: hidden(0), outputWeights: hidden(0.1), outputBias: 0 };
    ok(Math.abs(metaLearnerReference(score, start) - 0.33358) < 1e-5);
  });

  it('leave β out of s and keep it in ℓ, unless told otherwise', () => {
    const logSigmoid = (x: number) => -Math.log1p(Math.exp(-x));
    const pair = [
      { sums: [-4, -6], tokenCount: 2 },
      { sums: [-7, -6], tokenCount: 2 },
    ] as const;
    const { delta, ell, score } = pairScore(...pair, objective);
    deepEqual(
      [delta, Math.abs(ell - logSigmoid(0.3)) < 1e-12, Math.abs(score - logSigmoid(3)) < 1e-12],
      [3, true, true],
    );
    ok(Math.abs(pairScore(...pair, { ...objective, inputBeta: 0.1 }).score - logSigmoid(0.3)) < 1e-12);
  });

  it('of SimPO are of means, without a reference', () => {
    const simpo = { loss: 'simpo', beta: 2, gamma: 1, inputBeta: 1 } as const;
    const { ell } = pairScore({ sums: [-4], tokenCount: 4 }, { sums: [-6], tokenCount: 3 }, simpo);
    ok(Math.abs(ell + Math.log1p(Math.exp(-(2 * 1 - 1)))) < 1e-12);
  });
});

describe('the meta buffer', () => {
  it('is due floor(steps / period) times', () => {
    deepEqual(
      [0, 7, 8, 15, 16].map((steps) => metaUpdatesDue(steps, 8)),
      [0, 0, 1, 1, 2],
    );
  });

  it('holds rows that carry both pairs', () => {
    const row = { itemId: 'a', weight: 0.5, loss: 1 };
    deepEqual(bufferOf([row, { ...row, score: -1, ellOff: -2, ellOn: -3 }, { ...row, score: -1, ellOff: -2 }]), [
      { score: -1, ellOff: -2, ellOn: -3 },
    ]);
  });

  it('deals the same online scores to other rows in the control', () => {
    const buffer = Array.from({ length: 20 }, (_, index) => ({ score: -index, ellOff: -index, ellOn: -index / 2 }));
    const shuffled = withShuffledOnline(buffer, new Rng(1));
    const ascending = (list: typeof buffer) => list.map(({ ellOn }) => ellOn).toSorted((a, b) => a - b);
    deepEqual(ascending(shuffled), ascending(buffer));
    ok(shuffled.some(({ ellOn }, index) => ellOn !== buffer[index]?.ellOn));
    ok(shuffled.every(({ ellOff }, index) => ellOff === buffer[index]?.ellOff));
  });
});

describe('the sum of gradients', () => {
  const unit = (values: readonly number[], rowCount: number, lossSum: number) => ({
    gradients: new Map([['w', f32Tensor([values.length], Float32Array.from(values))]]),
    rowCount,
    lossSum,
  });

  // Test (m): the mean over the batch, however it was cut.
  it('is the mean over rows, however they were cut into units', () => {
    const whole = new GradientSum();
    whole.add(unit([3, 6], 3, 9));
    const cut = new GradientSum();
    cut.add(unit([1, 2], 1, 4));
    cut.add(unit([2, 4], 2, 5));
    deepEqual(cut.mean(), whole.mean());
    deepEqual([...whole.mean().gradients.get('w')!.data], [1, 2]);
    equal(whole.mean().loss, 3);
  });

  it('refuses gradients of another shape', () => {
    const sum = new GradientSum();
    sum.add(unit([1, 2], 1, 0));
    throws(() => sum.add(unit([1], 1, 0)), { code: 'TENSOR_SHAPE_MISMATCH' });
  });
});
