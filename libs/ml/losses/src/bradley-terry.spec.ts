/** @file The loss of reward models: closed form, slopes, and the same in the graph. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { present, Rng } from '#core';
import { backward } from '#ml/autodiff';
import { evaluate, expectAxes, GraphBuilder, hostArray } from '#ml/graph';
import { bradleyTerryReference, type RewardPairNumbers } from './bradley-terry.reference.js';
import { bradleyTerry } from './bradley-terry.js';

const ROLES = ['chosen', 'rejected', 'margin'] as const;

function randomPairs(count: number): RewardPairNumbers[] {
  const rng = new Rng('pairs');
  return Array.from({ length: count }, () => ({
    chosen: 3 * rng.normal(),
    rejected: 3 * rng.normal(),
    margin: rng.normal(),
  }));
}

/** Row losses and slopes as the graph computes them, in float64. */
function graphed(pairs: readonly RewardPairNumbers[], centerRewardsCoefficient: number) {
  const g = GraphBuilder.create();
  const [chosen, rejected, margin] = ROLES.map((role) => expectAxes(g.input(role, 'f32', ['N']), 'N'));
  const values = {
    chosen: present(chosen, 'chosen'),
    rejected: present(rejected, 'rejected'),
    margin: present(margin, 'margin'),
  };
  const rows = bradleyTerry(g, values, { centerRewardsCoefficient });
  g.output('rows', rows);
  const gradients = backward(g, g.reduceSum(rows, [0]), [values.chosen, values.rejected]);
  gradients.forEach((gradient, index) => g.output(`slope.${present(ROLES[index], 'role')}`, gradient));
  const feeds = new Map(
    ROLES.map((role) => [
      role,
      hostArray(
        [pairs.length],
        pairs.map((pair) => pair[role]),
      ),
    ]),
  );
  const results = evaluate(g.graph, feeds);
  return (name: string, index: number): number => present(present(results.get(name), name).data[index], name);
}

function close(got: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(got - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${got} for ${expected}`);
}

describe('the loss of Bradley and Terry', () => {
  it('is ln 2 where nothing is told apart, and falls with the difference of rewards', () => {
    const settings = { centerRewardsCoefficient: 0 };
    const lossAt = (chosen: number) => bradleyTerryReference({ chosen, rejected: 0, margin: 0 }, settings).loss;
    close(lossAt(0), Math.LN2, 1e-15);
    assert.ok(lossAt(1) < lossAt(0) && lossAt(0) < lossAt(-1));
    close(lossAt(-800), 800, 1e-15);
    close(lossAt(800), 0, 1e-15);
  });

  it('asks for as much more as the margin says', () => {
    const settings = { centerRewardsCoefficient: 0 };
    const { loss } = bradleyTerryReference({ chosen: 2, rejected: 0.5, margin: 1.5 }, settings);
    close(loss, Math.LN2, 1e-15);
  });

  it('does not see a shift of all rewards, unless they are to be centred', () => {
    const pair = { chosen: 1, rejected: -0.5, margin: 0 };
    const shifted = { ...pair, chosen: pair.chosen + 7, rejected: pair.rejected + 7 };
    const of = (numbers: RewardPairNumbers, centerRewardsCoefficient: number) =>
      bradleyTerryReference(numbers, { centerRewardsCoefficient }).loss;
    close(of(shifted, 0), of(pair, 0), 1e-14);
    close(of(shifted, 0.01) - of(shifted, 0), 0.01 * 14.5 ** 2, 1e-12);
  });

  for (const kappa of [0, 0.25]) {
    it(`has the slopes that central differences have, with a coefficient of ${kappa}`, () => {
      const step = 1e-5;
      const settings = { centerRewardsCoefficient: kappa };
      for (const pair of randomPairs(50)) {
        const { chosenSlope, rejectedSlope } = bradleyTerryReference(pair, settings);
        const slope = (role: 'chosen' | 'rejected'): number => {
          const at = (by: number) => bradleyTerryReference({ ...pair, [role]: pair[role] + by }, settings).loss;
          return (at(step) - at(-step)) / (2 * step);
        };
        close(chosenSlope, slope('chosen'), 1e-8);
        close(rejectedSlope, slope('rejected'), 1e-8);
      }
    });

    it(`has in the graph the values and slopes of the closed form, with a coefficient of ${kappa}`, () => {
      const pairs = randomPairs(9);
      const value = graphed(pairs, kappa); // 0.25 is exact in float32
      pairs.forEach((pair, index) => {
        const expected = bradleyTerryReference(pair, { centerRewardsCoefficient: kappa });
        close(value('rows', index), expected.loss, 1e-9);
        close(value('slope.chosen', index), expected.chosenSlope, 1e-9);
        close(value('slope.rejected', index), expected.rejectedSlope, 1e-9);
      });
    });
  }
});
