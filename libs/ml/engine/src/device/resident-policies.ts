/** @file Policies on a base that lies on a device: an adapter is its factors, and the base is never copied. */
import { f32Tensor, present, type F32Tensor, type TensorMap } from '#core';
import { loraName, type LoraTarget } from '#ml/adapters';
import type { ModelConfig } from '#ml/checkpoint';
import type { PolicyWeights } from '../adapters/policies.js';
import { AdapterUnsupportedOnDeviceError } from '../engine.errors.js';
import { weightSet, type WeightSet } from '../programs/weights.js';
import { scaledName, zeroFactors } from './resident-weights.js';

export class ResidentPolicies implements PolicyWeights {
  readonly base: WeightSet;

  constructor(
    config: ModelConfig,
    /** Tensors that are looked up or turned into logits, without an update beside them. */
    private readonly fixed: ReadonlySet<string>,
  ) {
    this.base = weightSet(zeroFactors(config));
  }

  async adapted(tensors: TensorMap, targets: readonly LoraTarget[]): Promise<WeightSet> {
    const factors = new Map<string, F32Tensor>();
    for (const { tensor, scale } of targets) {
      if (this.fixed.has(tensor)) {
        throw new AdapterUnsupportedOnDeviceError(`it has an update of ${tensor}, which stays as it is on a device`);
      }
      const [a, b] = [loraName(tensor, 'A'), loraName(tensor, 'B')];
      const { dims, data } = present(tensors.get(b), `factor ${b}`);
      factors.set(a, present(tensors.get(a), `factor ${a}`));
      factors.set(
        scaledName(tensor),
        f32Tensor(
          dims,
          data.map((element) => scale * element),
        ),
      );
    }
    return new Map([...this.base, ...weightSet(factors)]);
  }

  full(): WeightSet {
    throw new AdapterUnsupportedOnDeviceError('it replaces weights that a device keeps');
  }
}
