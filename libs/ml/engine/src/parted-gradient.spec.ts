/** Goal: a row that is too long for one piece has the same statistics and gradient as in one piece. */
import { after, before, describe, it } from 'node:test';
import { ok } from 'node:assert/strict';
import { present } from '#core';
import { adapterDigest, type Adapter } from '#ml/adapters';
import { EngineCore } from './engine-core.js';
import { SKIP_WITHOUT_GOLDEN as skip, maxAbsDifference } from './golden-support.js';
import type { GradientResult, GradientUnit, LossKind, RowStatistics, Weighting } from './index.js';
import { gradientUnit, metaLearner, modelDir, randomLora } from './policy-engine-support.js';

const LOSSES: readonly LossKind[] = ['dpo', 'ipo', 'ipo_average', 'simpo'];
const WEIGHTINGS: readonly Weighting[] = [{ kind: 'sigmoid' }, { kind: 'constant', weight: 0.25 }, metaLearner];

/** Numbers of a row's statistics, in a fixed order. */
function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, part]) => numbersOf(part));
}

function sameRows(got: readonly RowStatistics[], expected: readonly RowStatistics[], what: string): void {
  got.forEach((row, index) => {
    const difference = maxAbsDifference(numbersOf(row), numbersOf(expected[index]));
    ok(difference < 1e-3, `${what}, row ${index}: statistics differ by ${difference}`);
  });
}

function sameGradients(got: GradientResult, expected: GradientResult, what: string): void {
  for (const [name, { data }] of expected.gradients) {
    const scale = data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    const difference = maxAbsDifference(present(got.gradients.get(name), name).data, data);
    ok(difference <= 2e-4 * scale, `${what}, ${name}: differs by ${difference}, largest element ${scale}`);
  }
}

describe('the gradient of rows that are too long for one piece', { skip }, () => {
  let whole: EngineCore;
  let parted: EngineCore;
  let adapter: Adapter;

  before(async () => {
    whole = await EngineCore.open({ modelDir });
    parted = await EngineCore.open({ modelDir, treeTokensMax: 4 });
    adapter = randomLora(whole, 3);
    for (const engine of [whole, parted]) await engine.putAdapter(adapterDigest(adapter), adapter);
  });
  after(async () => {
    for (const engine of [whole, parted]) await engine.dispose();
  });

  const take = async (engine: EngineCore, unit: GradientUnit): Promise<GradientResult> => {
    const [policy, reference] = await engine.policiesOf([unit.policy, unit.reference]);
    const parts = { policy: present(policy, 'policy'), reference: present(reference, 'reference') };
    return engine.gradient(unit, parts, { proceed: async () => {} });
  };

  for (const loss of LOSSES) {
    for (const weighting of WEIGHTINGS) {
      it(`is the same for ${loss} under ${weighting.kind} weights`, async () => {
        const unit = gradientUnit(adapterDigest(adapter));
        const asked = { ...unit, weighting, objective: { ...unit.objective, loss, gamma: 0.3 } };
        const [got, expected] = [await take(parted, asked), await take(whole, asked)];
        sameRows(got.rows, expected.rows, loss);
        sameGradients(got, expected, loss);
      });
    }
  }

  it('leaves rows that fit as they are, beside those that do not', async () => {
    const unit = gradientUnit(adapterDigest(adapter));
    const mixed = await EngineCore.open({ modelDir, treeTokensMax: 22 });
    await mixed.putAdapter(adapterDigest(adapter), adapter);
    try {
      const [got, expected] = [await take(mixed, unit), await take(whole, unit)];
      sameRows(got.rows, expected.rows, 'mixed');
      sameGradients(got, expected, 'mixed');
    } finally {
      await mixed.dispose();
    }
  });
});
