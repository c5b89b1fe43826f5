/** Goal: intervals of shares are Wilson's; claims that are as sure as they are right are told from those that are not. */
import { describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { Rng } from '#core';
import { calibrationOf } from './calibration.js';
import { proportion } from './wilson.js';

function near(got: number, expected: number, tolerance: number): void {
  ok(Math.abs(got - expected) <= tolerance, `${got} for ${expected}`);
}

/** Differences of rewards: |d| uniform up to 4, the sign as often right as the claim of `factor`·|d| says. */
function claims(count: number, factor: number): number[] {
  const rng = new Rng('claims', factor);
  return Array.from({ length: count }, () => {
    const size = 4 * rng.uniform();
    return rng.uniform() < 1 / (1 + Math.exp(-factor * size)) ? size : -size;
  });
}

describe("Wilson's interval", () => {
  it('has the values of the literature', () => {
    // Newcombe 1998, table I, method 3.
    const published = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const;
    for (const [count, total, low, high] of published) {
      const interval = proportion(count, total);
      near(interval.low, low, 5e-5);
      near(interval.high, high, 5e-5);
    }
  });

  it('stays within 0 and 1, and is everything where nothing is known', () => {
    equal(proportion(7, 7).high, 1);
    const unknown = proportion(0, 0);
    deepEqual([unknown.low, unknown.high, Number.isNaN(unknown.share)], [0, 1, true]);
  });
});

describe('calibration', () => {
  it('finds claims that are as sure as they are right', () => {
    const { calibrationError, bins } = calibrationOf(claims(4000, 1), new Rng('sure'));
    ok(calibrationError.value < 0.03, `ECE ${calibrationError.value}`);
    ok(calibrationError.low <= calibrationError.value && calibrationError.value <= calibrationError.high + 0.01);
    for (const { meanClaim, right } of bins) ok(right.low <= meanClaim + 0.03 && meanClaim - 0.03 <= right.high);
  });

  it('finds claims that are too sure, in every figure', () => {
    const honest = calibrationOf(claims(4000, 1), new Rng('honest'));
    const boastful = calibrationOf(claims(4000, 0.2), new Rng('boastful'));
    for (const figure of ['logLoss', 'brier', 'calibrationError'] as const) {
      ok(boastful[figure].low > honest[figure].high, figure);
    }
  });

  it('knows what a coin gets, and what certainty gets', () => {
    const coin = calibrationOf([0, 0, 0], new Rng('coin'));
    near(coin.logLoss.value, Math.LN2, 1e-12);
    near(coin.brier.value, 0.25, 1e-12);
    near(coin.calibrationError.value, 0, 1e-12);
    const sure = calibrationOf([800, 900], new Rng('sure'));
    deepEqual([sure.logLoss.value, sure.brier.value, sure.calibrationError.value], [0, 0, 0]);
    near(calibrationOf([-800], new Rng('wrong')).logLoss.value, 800, 1e-9);
  });
});
