import { describe, it } from 'node:test';
import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { Rng } from '#core';
import { mean, pairedBootstrap, quantileOfSorted } from './bootstrap.js';

const rng = (...key: (string | number)[]): Rng => new Rng('bootstrap spec', ...key);

describe('paired bootstrap', () => {
  it('gives an interval without width when every prompt changes by the same amount', () => {
    const before = Array.from({ length: 50 }, (_, i) => i / 8);
    const result = pairedBootstrap(
      before,
      before.map((score) => score + 0.5),
      { rng: rng('constant') },
    );
    deepEqual(result, {
      pairCount: 50,
      meanBefore: 3.0625,
      meanAfter: 3.5625,
      difference: 0.5,
      low: 0.5,
      high: 0.5,
    });
  });

  it('covers the true difference about as often as it promises', () => {
    const trueDifference = 0.2;
    const trials = Array.from({ length: 300 }, (_, trial) => {
      const draws = rng('coverage', trial);
      const before = Array.from({ length: 100 }, () => draws.normal());
      const after = before.map((score) => score + trueDifference + 0.8 * draws.normal());
      const result = pairedBootstrap(before, after, { rng: draws, resampleCount: 600 })!;
      return result.low <= trueDifference && trueDifference <= result.high;
    });
    const coverage = trials.filter(Boolean).length / trials.length;
    // 0.95 ± 4 standard errors of 0.0126; the percentile interval is a little narrow at 100 prompts.
    ok(coverage > 0.9 && coverage < 0.99, `coverage ${coverage}`);
  });

  it('is narrower than an unpaired comparison would be when prompts differ much', () => {
    const draws = rng('paired');
    const before = Array.from({ length: 200 }, () => 10 * draws.normal());
    const after = before.map((score) => score + 0.1 + 0.05 * draws.normal());
    const { low, high } = pairedBootstrap(before, after, { rng: draws })!;
    ok(high - low < 0.03, `width ${high - low}`);
    ok(low > 0.08 && high < 0.12);
  });

  it('leaves out prompts that one side has no score for', () => {
    const { pairCount, difference } = pairedBootstrap([1, null, 3], [2, 5, null], { rng: rng('nulls') })!;
    deepEqual([pairCount, difference], [1, 1]);
  });

  it('is undefined without a pair, and refuses lists of different lengths', () => {
    equal(pairedBootstrap([], [], { rng: rng(0) }), undefined);
    equal(pairedBootstrap([null], [1], { rng: rng(0) }), undefined);
    throws(() => pairedBootstrap([1], [1, 2], { rng: rng(0) }), { name: 'InvariantError' });
  });

  it('is a function of its seed', () => {
    const before = Array.from({ length: 40 }, (_, i) => Math.sin(i));
    const after = before.map((score, i) => score + Math.cos(3 * i));
    const low = (seed: number): number => pairedBootstrap(before, after, { rng: rng(seed), resampleCount: 500 })!.low;
    equal(low(1), low(1));
    ok(low(1) !== low(2));
  });
});

describe('quantiles and means', () => {
  it('interpolate between order statistics', () => {
    equal(quantileOfSorted([0, 10], 0.25), 2.5);
    equal(quantileOfSorted([1, 2, 3], 1), 3);
    equal(quantileOfSorted([7], 0.975), 7);
  });

  it('of nothing: the mean is NaN, a quantile is refused', () => {
    ok(Number.isNaN(mean([])));
    throws(() => quantileOfSorted([], 0.5), { name: 'InvariantError' });
  });
});
