import { describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { Rng } from '#core';
import { gainSlope, shuffledControl, type ScoredRow } from './shuffled-control.js';

const rowsOf = (ellOnOf: (ellOff: number, rng: Rng) => number): ScoredRow[] => {
  const rng = new Rng('control spec');
  return Array.from({ length: 200 }, () => {
    const ellOff = -Math.abs(rng.normal());
    return { ellOff, ellOn: ellOnOf(ellOff, rng) };
  });
};

describe('shuffled control', () => {
  it('keeps every value, each ℓ_off in its row', () => {
    const rows = rowsOf((_, rng) => rng.normal());
    const control = shuffledControl(rows, new Rng(1));
    deepEqual(
      control.rows.map(({ ellOff }) => ellOff),
      rows.map(({ ellOff }) => ellOff),
    );
    const sorted = (list: readonly ScoredRow[]): number[] => list.map(({ ellOn }) => ellOn).sort((a, b) => a - b);
    deepEqual(sorted(control.rows), sorted(rows));
  });

  it('holds the slope −1 that independence gives', () => {
    const { slope, shuffledSlopes } = shuffledControl(
      rowsOf((_, rng) => rng.normal()),
      new Rng(2),
    );
    const [low, high] = shuffledSlopes!;
    ok(low < -1 && high > -1);
    ok(slope! > low && slope! < high);
  });

  it('tells rows whose online score follows their offline score', () => {
    const { slope, shuffledSlopes } = shuffledControl(
      rowsOf((ellOff, rng) => 0.8 * ellOff + 0.2 * rng.normal()),
      new Rng(3),
    );
    ok(slope! > shuffledSlopes![1], `${slope} against ${shuffledSlopes?.join()}`);
  });

  it('has no slope where ℓ_off does not vary or rows are too few', () => {
    equal(gainSlope([1, 1, 1], [1, 2, 3]), undefined);
    equal(gainSlope([1], [2]), undefined);
    equal(shuffledControl([], new Rng(4)).shuffledSlopes, undefined);
  });

  it('computes the least-squares slope', () => {
    // ℓ_on = 2 ℓ_off + 1, so the gain is ℓ_off + 1.
    ok(Math.abs(gainSlope([-3, -1, 0], [-5, -1, 1])! - 1) < 1e-12);
  });
});
