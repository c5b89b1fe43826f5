/**
 * @file Stochastic gradient descent, without momentum: θ ← θ − lr·g. The optimizer that a reader can check by hand.
 */
import { f32Tensor, present, type TensorMap } from '#core';
import type { Optimizer } from './optimizer.js';

export interface SgdState {
  /** Steps taken. */
  readonly step: number;
}

export function sgd(): Optimizer<SgdState> {
  return {
    init: () => ({ step: 0 }),
    step: (parameters, gradients, { state, learningRate, gradientFactor = 1 }) => {
      const next: TensorMap = new Map(
        [...parameters].map(([name, { dims, data }]) => {
          const gradient = present(gradients.get(name), `gradient of ${name}`).data;
          return [
            name,
            f32Tensor(
              dims,
              data.map((value, i) => value - learningRate * gradientFactor * gradient[i]!),
            ),
          ];
        }),
      );
      return { parameters: next, state: { step: state.step + 1 } };
    },
    toTensors: ({ step }) => new Map([['step', f32Tensor([], Float32Array.of(step))]]),
    fromTensors: (tensors) => ({ step: present(tensors.get('step')?.data[0], 'step of the optimizer state') }),
  };
}
