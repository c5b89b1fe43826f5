/** Goal: every pair is seen once an epoch, in an order that seed and epoch decide; a new head is as transformers makes it. */
import { describe, it } from 'node:test';
import { deepEqual, equal, notDeepEqual, ok } from 'node:assert/strict';
import type { OptimizerSettings } from './settings.js';
import { initialHead } from './trained-tensors.js';
import { TrainingPlan } from './training-plan.js';

const optimizer: OptimizerSettings = {
  learningRate: 1,
  betas: [0.9, 0.999],
  epsilon: 1e-8,
  weightDecay: 0,
  clip: 1,
  schedule: { kind: 'linear', leastFactor: 0.1, warmUpRatio: 0.5 },
  batchSize: 4,
};
const planOf = (seed: number, epochCount: number) => new TrainingPlan({ seed, epochCount, optimizer }, 10);
const batchesOf = (plan: TrainingPlan) => Array.from({ length: plan.stepCount }, (_, step) => plan.batch(step));

describe('the plan of a training', () => {
  it('sees every pair once an epoch, the last batch being smaller', () => {
    const batches = batchesOf(planOf(1, 2));
    deepEqual(
      batches.map(({ length }) => length),
      [4, 4, 2, 4, 4, 2],
    );
    for (const epoch of [batches.slice(0, 3), batches.slice(3)]) {
      deepEqual(
        epoch.flat().toSorted((a, b) => a - b),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      );
    }
    notDeepEqual(batches.slice(0, 3), batches.slice(3));
  });

  it('is the same for the same seed, also when it is asked in the middle', () => {
    const whole = batchesOf(planOf(1, 2));
    deepEqual(planOf(1, 2).batch(4), whole[4]);
    notDeepEqual(batchesOf(planOf(2, 2)), whole);
  });

  it('may end within an epoch, and takes at least one step', () => {
    equal(planOf(1, 1.5).stepCount, 5);
    equal(planOf(1, 0.01).stepCount, 1);
  });

  it('warms up and decays over all steps', () => {
    const plan = planOf(1, 2);
    const rates = Array.from({ length: 6 }, (_, step) => Number(plan.learningRate(step).toFixed(6)));
    deepEqual(rates, [0, 0.333333, 0.666667, 1, 0.7, 0.4]);
  });
});

describe('a new head', () => {
  it('is normal with the deviation of the config, and a function of the seed', () => {
    const { data, dims } = initialHead(20_000, 0.02, 1);
    deepEqual(dims, [1, 20_000]);
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    const deviation = Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length);
    ok(Math.abs(mean) < 6e-4, `mean ${mean}`);
    ok(Math.abs(deviation / 0.02 - 1) < 0.02, `deviation ${deviation}`);
    deepEqual(initialHead(4, 0.02, 1), initialHead(4, 0.02, 1));
    notDeepEqual(initialHead(4, 0.02, 1), initialHead(4, 0.02, 2));
  });
});
