/**
 * @file The policies that the engine's thread holds: the base, and adapters with the weights they make of it.
 *
 * A policy is an immutable object; a unit that got it keeps it alive, whatever is dropped meanwhile.
 */
import { present, type Digest, type F32Tensor, type TensorMap } from '#core';
import {
  loraTargets,
  shapesOf,
  sortedNames,
  validateAdapter,
  type Adapter,
} from '#ml/adapters';
import { AdapterNotResidentError } from '../engine.errors.js';
import type { PolicyRef } from '../policy-engine.js';
import type { MergeProgram } from '../programs/merge-program.js';
import { loraWeights, weightSet, type LoraTargets, type WeightSet } from '../programs/weights.js';

export interface Policy {
  /** Every tensor of the model with the adapter worked in. */
  readonly weights: WeightSet;
  /** Null for the base. */
  readonly adapter: LoadedAdapter | null;
}

export interface LoadedAdapter {
  /** Names of its tensors in canonical order. */
  readonly tensorNames: readonly string[];
  /** Its own tensors. */
  readonly tensors: WeightSet;
  /** Absent for full training. */
  readonly lora?: LoraTargets;
}

export class Policies {
  private readonly base: Policy;
  private readonly resident = new Map<Digest, Promise<Policy>>();

  constructor(
    private readonly baseTensors: TensorMap,
    private readonly merge: MergeProgram,
  ) {
    this.base = { weights: weightSet(baseTensors), adapter: null };
  }

  /** Takes an adapter in; its weights are merged in the background of the calls that come next. */
  async put(digest: Digest, adapter: Adapter): Promise<void> {
    const policy = this.load(adapter);
    this.resident.set(digest, policy);
    try {
      await policy;
    } catch (error) {
      this.resident.delete(digest);
      throw error;
    }
  }

  drop(digest: Digest): void {
    this.resident.delete(digest);
  }

  /** @throws AdapterNotResidentError */
  async get(ref: PolicyRef): Promise<Policy> {
    if (ref === null) return this.base;
    const policy = this.resident.get(ref);
    if (!policy) throw new AdapterNotResidentError(ref);
    return policy;
  }

  private async load(adapter: Adapter): Promise<Policy> {
    const shapes = shapesOf(this.baseTensors);
    validateAdapter(adapter, shapes, 'adapter');
    const tensorNames = sortedNames(adapter.tensors);
    const tensors = weightSet(adapter.tensors);
    if (adapter.spec.kind === 'full') return { weights: tensors, adapter: { tensorNames, tensors } };
    const targets = loraTargets(adapter.spec, shapes, 'adapter');
    const merged = new Map<string, F32Tensor>();
    for (const target of targets) {
      const weight = present(this.baseTensors.get(target.tensor), `tensor ${target.tensor}`);
      merged.set(target.tensor, await this.merge.run(weight, adapter.tensors, target));
    }
    return {
      weights: new Map([...this.base.weights, ...weightSet(merged)]),
      adapter: { tensorNames, tensors, lora: loraWeights(targets) },
    };
  }
}
