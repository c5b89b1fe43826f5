/** @file The rank correlations against their definitions: every pair looked at, every copy written out. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { kendallTauB, spearman } from './rank-correlations.js';
import { midRanks, rankOrderOf } from './rank-order.js';

/** Few different values, so that ties are common. */
const score = fc.integer({ min: -3, max: 3 });
const weighted = fc.array(fc.tuple(score, score, fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 12 });

type Row = readonly [x: number, y: number, weight: number];

const columnsOf = (rows: readonly Row[]) => ({
  x: rankOrderOf(Float64Array.from(rows, ([x]) => x)),
  y: rankOrderOf(Float64Array.from(rows, ([, y]) => y)),
  weights: Float64Array.from(rows, ([, , weight]) => weight),
});

/** Every row as often as it weighs. */
const copiesOf = (rows: readonly Row[]): Row[] =>
  rows.flatMap(([x, y, weight]) => Array.from({ length: weight }, (): Row => [x, y, 1]));

function naiveRanks(values: readonly number[]): number[] {
  return values.map((value) => {
    const smaller = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return smaller + (equal + 1) / 2;
  });
}

function naiveSpearman(rows: readonly Row[]): number | undefined {
  const a = naiveRanks(rows.map(([x]) => x));
  const b = naiveRanks(rows.map(([, y]) => y));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const dot = (p: readonly number[], q: readonly number[]) => p.reduce((sum, value, i) => sum + value * q[i]!, 0);
  const [fromA, fromB] = [a.map((value) => value - meanA), b.map((value) => value - meanB)];
  const scale = dot(fromA, fromA) * dot(fromB, fromB);
  return scale > 0 ? dot(fromA, fromB) / Math.sqrt(scale) : undefined;
}

function naiveKendall(rows: readonly Row[]): number | undefined {
  let balance = 0;
  let apartInX = 0;
  let apartInY = 0;
  rows.forEach(([x, y], i) => {
    for (const [otherX, otherY] of rows.slice(0, i)) {
      balance += Math.sign(x - otherX) * Math.sign(y - otherY);
      apartInX += Math.abs(Math.sign(x - otherX));
      apartInY += Math.abs(Math.sign(y - otherY));
    }
  });
  return apartInX * apartInY > 0 ? balance / Math.sqrt(apartInX * apartInY) : undefined;
}

function assertClose(got: number | undefined, expected: number | undefined): void {
  if (expected === undefined || got === undefined) assert.equal(got, expected);
  else assert.ok(Math.abs(got - expected) < 1e-12, `${got} and ${expected}`);
}

describe('rank correlations', () => {
  it('of weighted responses are those of as many copies', () => {
    fc.assert(
      fc.property(weighted, (rows) => {
        const { weights, ...ranked } = columnsOf(rows);
        assertClose(spearman(ranked, weights), naiveSpearman(copiesOf(rows)));
        assertClose(kendallTauB(ranked, weights), naiveKendall(copiesOf(rows)));
      }),
    );
  });

  it('do not change when a score is stretched, and turn round when it is turned round', () => {
    fc.assert(
      fc.property(weighted, (rows) => {
        const { weights, ...ranked } = columnsOf(rows);
        const stretched = columnsOf(rows.map(([x, y, weight]) => [x, Math.exp(y) * 7 + 1, weight]));
        const turned = columnsOf(rows.map(([x, y, weight]) => [x, -y, weight]));
        for (const figure of [spearman, kendallTauB]) {
          const value = figure(ranked, weights);
          assertClose(figure(stretched, weights), value);
          assertClose(figure(turned, weights), value === undefined ? undefined : -value);
          assert.ok(value === undefined || (value >= -1 && value <= 1));
        }
      }),
    );
  });

  it('are 1 with itself, and undefined where nothing varies', () => {
    const once = new Float64Array(3).fill(1);
    const same = rankOrderOf(Float64Array.of(0.1, 5, -2));
    const flat = rankOrderOf(Float64Array.of(4, 4, 4));
    for (const figure of [spearman, kendallTauB]) {
      assert.equal(figure({ x: same, y: same }, once), 1);
      assert.equal(figure({ x: same, y: flat }, once), undefined);
    }
  });

  it('rank equal values by the mean of their ranks', () => {
    const ranks = midRanks(rankOrderOf(Float64Array.of(3, 1, 3, 2)), new Float64Array(4).fill(1));
    assert.deepEqual([...ranks], [3.5, 1, 3.5, 2]);
  });
});
