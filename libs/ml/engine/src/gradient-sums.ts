/** @file Sums of gradients over micro-batches, in their order: equal inputs give equal bits. */
import { f32Tensor, present, type F32Tensor, type TensorMap } from '#core';
import { GradientNotFiniteError } from './engine.errors.js';

export class GradientSums {
  private readonly sums = new Map<string, F32Tensor>();

  /** Adds a micro-batch's gradients. The first ones are taken over, not copied. */
  add(gradients: TensorMap): void {
    for (const [name, gradient] of gradients) {
      const sum = this.sums.get(name);
      if (!sum) {
        this.sums.set(name, gradient);
        continue;
      }
      const { data } = sum;
      for (let i = 0; i < data.length; i++) data[i]! += gradient.data[i]!;
    }
  }

  /** The sums in the given order of names. @throws GradientNotFiniteError naming tensor and element */
  finish(names: Iterable<string>): TensorMap {
    return new Map([...names].map((name) => [name, this.finite(name)]));
  }

  private finite(name: string): F32Tensor {
    const { dims, data } = present(this.sums.get(name), `gradient of ${name}`);
    for (let i = 0; i < data.length; i++) {
      if (!Number.isFinite(data[i]!)) throw new GradientNotFiniteError(`Gradient of ${name} at element ${i}`, data[i]!);
    }
    return f32Tensor(dims, data);
  }
}
