import { describe, it } from 'node:test';
import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { f32Tensor } from '#core';
import { adamW, clipFactor, globalNorm, scheduleFactor, warmupStepsOf } from './index.js';

const one = (value: number, name = 'w') => new Map([[name, f32Tensor([1], Float32Array.of(value))]]);

describe('AdamW', () => {
  it('moves by the learning rate at first, whatever the gradient', () => {
    for (const gradient of [1e-3, 1, 1e3]) {
      const optimizer = adamW();
      const parameters = one(1);
      const { parameters: next } = optimizer.step(parameters, one(gradient), {
        state: optimizer.init(parameters),
        learningRate: 0.1,
      });
      ok(Math.abs(next.get('w')!.data[0]! - 0.9) < 1e-5, `${next.get('w')!.data[0]}`);
    }
  });

  it('decays weights without a gradient, but no biases and norms', () => {
    const optimizer = adamW({ weightDecay: 0.5 });
    for (const [name, expected] of [
      ['a.weight', 0.95],
      ['a.bias', 1],
      ['a_norm.weight', 1],
    ] as const) {
      const parameters = one(1, name);
      const { parameters: next } = optimizer.step(parameters, one(0, name), {
        state: optimizer.init(parameters),
        learningRate: 0.1,
      });
      equal(next.get(name)!.data[0], Math.fround(expected), name);
    }
  });

  it('misses the gradient of a parameter by name', () => {
    const optimizer = adamW();
    const parameters = one(1);
    throws(
      () => optimizer.step(parameters, new Map(), { state: optimizer.init(parameters), learningRate: 1 }),
      /tensor w is absent/,
    );
  });
});

describe('clipping', () => {
  it('takes the norm over all tensors and never scales up', () => {
    const gradients = new Map([...one(3, 'a'), ...one(4, 'b')]);
    equal(globalNorm(gradients), 5);
    equal(clipFactor(5, 10), 1);
    ok(Math.abs(clipFactor(5, 1) - 0.2) < 1e-7);
    equal(clipFactor(0, 1), 1);
    equal(clipFactor(5, Infinity), 1);
  });
});

describe('schedules', () => {
  it('begin at rate 0 with warm-up and at rate 1 without', () => {
    equal(scheduleFactor({ kind: 'cosine', totalSteps: 10, warmupSteps: 2 }, 0), 0);
    equal(scheduleFactor({ kind: 'cosine', totalSteps: 10 }, 0), 1);
    equal(warmupStepsOf(100, 0.03), 3);
    equal(warmupStepsOf(5, 0.1), 1);
  });

  it('end at their least factor', () => {
    for (const kind of ['linear', 'cosine'] as const) {
      const schedule = { kind, totalSteps: 8, warmupSteps: 2, leastFactor: 0.1 };
      ok(Math.abs(scheduleFactor(schedule, 8) - 0.1) < 1e-15);
      ok(Math.abs(scheduleFactor(schedule, 5) - 0.55) < 1e-15);
    }
    deepEqual(
      [0, 1, 2, 50].map((k) => scheduleFactor({ kind: 'constant', totalSteps: 4, warmupSteps: 2 }, k)),
      [0, 0.5, 1, 1],
    );
  });
});
