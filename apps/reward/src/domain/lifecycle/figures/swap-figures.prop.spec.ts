/** @file The figures of a swap: what they say of swaps whose effect is known, and where they say nothing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { affineFit } from './affine-shift.js';
import { bootstrap, quantile } from './bootstrap.js';
import { computeFigures } from './compute-figures.js';
import { bestChange, pairFlips, type ScoredItem } from './preference-changes.js';
import { swapFigures } from './swap-figures.js';

const number = fc.integer({ min: -50, max: 50 }).map((value) => value / 4);
const liveItems = fc.array(fc.array(number, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 });

const asScored = (items: readonly (readonly number[])[], staged: (score: number) => number): ScoredItem[] =>
  items.map((live) => ({ live, staged: live.map(staged) }));

describe('preferences after a swap', () => {
  it('do not change under any stretching of the scores', () => {
    fc.assert(
      fc.property(liveItems, (items) => {
        const { pairFlipFraction, bestOfKChangeFraction } = swapFigures(
          asScored(items, (score) => 3 * score + 1),
          '0',
        );
        for (const figure of [pairFlipFraction, bestOfKChangeFraction]) {
          if (figure) assert.deepEqual(figure, { estimate: 0, low: 0, high: 0 });
        }
      }),
      { numRuns: 20 },
    );
  });

  it('turn round in every pair when the scores are turned round', () => {
    fc.assert(
      fc.property(liveItems, (items) => {
        const { pairFlipFraction, pairCount } = swapFigures(
          asScored(items, (score) => -score),
          '0',
        );
        if (pairCount > 0) assert.equal(pairFlipFraction?.estimate, 1);
        else assert.equal(pairFlipFraction, undefined);
      }),
      { numRuns: 20 },
    );
  });

  it('count half a flip for a pair that becomes equal, and nothing for one that was', () => {
    assert.deepEqual(pairFlips({ live: [1, 2, 2], staged: [5, 5, 7] }), { pairs: 2, flips: 0.5 });
    assert.deepEqual(pairFlips({ live: [1], staged: [5] }), { pairs: 0, flips: 0 });
  });

  it('change the best response by the share of the new best ones that are none of the old', () => {
    assert.equal(bestChange({ live: [1, 2], staged: [2, 1] }), 1);
    assert.equal(bestChange({ live: [2, 2], staged: [2, 1] }), 0);
    assert.equal(bestChange({ live: [1, 2, 0, 0], staged: [7, 7, 7, 7] }), 0.75);
    assert.equal(bestChange({ live: [1], staged: [2] }), undefined);
    const many = Array.from({ length: 200_000 }, (_, i) => i);
    assert.equal(bestChange({ live: many, staged: many }), 0, 'however many there are');
  });
});

describe('the affine shift', () => {
  it('is found exactly where there is one', () => {
    const x = Float64Array.of(-1, 0, 2, 7);
    const fit = affineFit(
      x,
      x.map((value) => -2 * value + 3),
      new Float64Array(4).fill(1),
    )!;
    assert.deepEqual([fit.slope, fit.intercept], [-2, 3]);
    assert.ok(fit.residualRms < 1e-7 && fit.residualFraction < 1e-7);
  });

  it('of weighted scores is that of as many copies', () => {
    const fit = affineFit(Float64Array.of(0, 1, 5), Float64Array.of(0, 2, 3), Float64Array.of(2, 1, 0))!;
    const copies = affineFit(Float64Array.of(0, 0, 1), Float64Array.of(0, 0, 2), new Float64Array(3).fill(1))!;
    assert.ok(Math.abs(fit.slope - copies.slope) < 1e-12 && Math.abs(fit.intercept - copies.intercept) < 1e-12);
  });

  it('leaves all that it does not explain in the residual', () => {
    const fit = affineFit(Float64Array.of(0, 1, 0, 1), Float64Array.of(0, 0, 2, 2), new Float64Array(4).fill(1))!;
    assert.deepEqual(fit, { slope: 0, intercept: 1, residualRms: 1, residualFraction: 1 });
  });

  it('is undefined where the scores in service do not vary, or overflow', () => {
    const once = new Float64Array(2).fill(1);
    assert.equal(affineFit(Float64Array.of(1, 1), Float64Array.of(0, 1), once), undefined);
    assert.equal(affineFit(Float64Array.of(-1e300, 1e300), Float64Array.of(0, 1), once), undefined);
  });
});

describe('intervals', () => {
  const coin = Array.from({ length: 400 }, (_, i): ScoredItem => ({
    live: [1, 2],
    staged: i % 4 === 0 ? [2, 1] : [1, 2],
  }));

  it('hold the estimate and narrow with the items, about as a binomial proportion does', () => {
    const widthOf = (items: readonly ScoredItem[]): number => {
      const { estimate, low, high } = swapFigures(items, '1').pairFlipFraction!;
      assert.equal(estimate, 0.25);
      assert.ok(low < estimate && estimate < high);
      return high - low;
    };
    const expected = 2 * 1.96 * Math.sqrt((0.25 * 0.75) / 400);
    assert.ok(Math.abs(widthOf(coin) / expected - 1) < 0.2);
    assert.ok(widthOf(coin.slice(0, 40)) > 2 * widthOf(coin));
  });

  it('are the same for the same seed, also from the thread that computes them', async () => {
    const items = coin.slice(0, 50);
    const calm = new AbortController().signal;
    const [a, b] = [swapFigures(items, '7'), await computeFigures(items, '7', calm)];
    assert.deepEqual(b, a);
    assert.notDeepEqual(swapFigures(items, '8').pairFlipFraction, a.pairFlipFraction);
  });

  it('are left out where the items define no figure, and hold the estimate alone where no resample does', () => {
    const names = ['never', 'once'] as const;
    let isFirst = true;
    const figures = (): Record<(typeof names)[number], number | undefined> => {
      const once = isFirst ? 5 : undefined;
      isFirst = false;
      return { never: undefined, once };
    };
    const result = bootstrap({ itemCount: 3, figures, names, seed: '0', resamples: 10 });
    assert.deepEqual(result, { once: { estimate: 5, low: 5, high: 5 } });
  });

  it('lie between neighbours by linear interpolation', () => {
    assert.deepEqual(
      [0, 0.25, 0.5, 1].map((at) => quantile(Float64Array.of(1, 2, 4), at)),
      [1, 1.5, 2, 4],
    );
  });

  it('stop with the caller', async () => {
    const signal = AbortSignal.abort(new DOMException('left', 'AbortError'));
    await assert.rejects(computeFigures(coin, '0', signal), { name: 'AbortError' });
  });
});
