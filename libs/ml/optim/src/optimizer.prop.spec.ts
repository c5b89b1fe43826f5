/** One battery for every optimizer; adding one is adding a row. */
import { describe, it } from 'node:test';
import { deepEqual, notDeepEqual, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { Rng, f32Tensor, type F32Tensor, type TensorMap } from '#core';
import { decodeSafetensors, encodeSafetensors, fromF32Tensor, toF32Tensor } from '#ml/tensor';
import { adamW, sgd, type Optimizer } from './index.js';

const OPTIMIZERS: readonly { readonly name: string; readonly make: () => Optimizer<{ readonly step: number }> }[] = [
  { name: 'sgd', make: sgd as () => Optimizer<{ readonly step: number }> },
  { name: 'adamw', make: () => adamW() as unknown as Optimizer<{ readonly step: number }> },
  {
    name: 'adamw with decay',
    make: () => adamW({ beta1: 0.9, beta2: 0.95, weightDecay: 0.1 }) as unknown as Optimizer<{ readonly step: number }>,
  },
];

const SHAPES: readonly (readonly [string, readonly number[]])[] = [
  ['model.q_proj.weight', [3, 4]],
  ['model.q_proj.bias', [3]],
  ['model.norm.weight', [4]],
];

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);

function randomTensors(seed: number, key: string): TensorMap {
  return new Map(
    SHAPES.map(([name, dims]) => {
      const rng = new Rng(seed, key, name);
      const data = Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => rng.normal());
      return [name, f32Tensor(dims, data)];
    }),
  );
}

function throughFile(tensors: TensorMap): TensorMap {
  const stored = new Map([...tensors].map(([name, tensor]) => [name, fromF32Tensor(tensor)]));
  const { tensors: read } = decodeSafetensors(encodeSafetensors({ tensors: stored, metadata: {} }), 'memory');
  return new Map([...read].map(([name, tensor]) => [name, toF32Tensor(tensor, { name, where: 'memory' })]));
}

for (const { name, make } of OPTIMIZERS) {
  describe(`optimizer ${name}`, () => {
    const run = (
      seed: number,
      steps: number,
      between: (state: { readonly step: number }) => { readonly step: number },
    ) => {
      const optimizer = make();
      let parameters = randomTensors(seed, 'parameters');
      let state = optimizer.init(parameters);
      for (let k = 0; k < steps; k++) {
        const result = optimizer.step(parameters, randomTensors(seed, `gradients ${k}`), { state, learningRate: 0.01 });
        parameters = result.parameters;
        state = between(result.state);
      }
      return { parameters, state: optimizer.toTensors(state) };
    };

    it('steps to the same bits after its state was saved and loaded', () => {
      fc.assert(
        fc.property(fc.nat(1000), fc.integer({ min: 1, max: 5 }), (seed, steps) => {
          const optimizer = make();
          const saved = run(seed, steps, (state) => optimizer.fromTensors(throughFile(optimizer.toTensors(state))));
          const kept = run(seed, steps, (state) => state);
          deepEqual(saved.parameters, kept.parameters);
          deepEqual(new Map([...saved.state].sort(byName)), new Map([...kept.state].sort(byName)));
        }),
        { numRuns: 20, seed: 3 },
      );
    });

    it('leaves its inputs as they were', () => {
      const optimizer = make();
      const parameters = randomTensors(1, 'parameters');
      const gradients = randomTensors(1, 'gradients');
      const state = optimizer.init(parameters);
      const before = structuredClone({ parameters, gradients, state: optimizer.toTensors(state) });
      const { parameters: after } = optimizer.step(parameters, gradients, { state, learningRate: 0.1 });
      deepEqual({ parameters, gradients, state: optimizer.toTensors(state) }, before);
      notDeepEqual(after, parameters);
    });

    it('stays where it is at rate 0', () => {
      const optimizer = make();
      const parameters = randomTensors(2, 'parameters');
      const state = optimizer.init(parameters);
      const result = optimizer.step(parameters, randomTensors(2, 'gradients'), { state, learningRate: 0 });
      deepEqual(result.parameters, parameters);
    });

    it('gives the same step for gradients that were scaled before or by the factor', () => {
      const optimizer = make();
      const parameters = randomTensors(3, 'parameters');
      const gradients = randomTensors(3, 'gradients');
      const halved = new Map(
        [...gradients].map(([key, { dims, data }]) => [
          key,
          f32Tensor(
            dims,
            data.map((g) => g / 2),
          ),
        ]),
      );
      const state = optimizer.init(parameters);
      deepEqual(
        optimizer.step(parameters, gradients, { state, learningRate: 0.1, gradientFactor: 0.5 }),
        optimizer.step(parameters, halved, { state, learningRate: 0.1 }),
      );
    });

    it('finds the minimum of a bowl', () => {
      const optimizer = make();
      const target = randomTensors(4, 'target');
      let parameters = randomTensors(4, 'parameters');
      let state = optimizer.init(parameters);
      const distance = (at: TensorMap) =>
        Math.sqrt(
          [...at].reduce(
            (sum, [key, { data }]) => sum + data.reduce((s, x, i) => s + (x - target.get(key)!.data[i]!) ** 2, 0),
            0,
          ),
        );
      const start = distance(parameters);
      for (let k = 0; k < 400; k++) {
        const gradients = new Map<string, F32Tensor>(
          [...parameters].map(([key, { dims, data }]) => [
            key,
            f32Tensor(
              dims,
              data.map((x, i) => x - target.get(key)!.data[i]!),
            ),
          ]),
        );
        ({ parameters, state } = optimizer.step(parameters, gradients, { state, learningRate: 0.02 }));
      }
      ok(distance(parameters) < 0.2 * start, `from ${start} to ${distance(parameters)}`);
    });
  });
}
