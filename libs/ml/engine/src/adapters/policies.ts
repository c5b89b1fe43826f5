/**
 * @file The policies that the engine's thread holds: the base, and adapters with the weights they make of it.
 *
 * A policy is an immutable object; a unit that got it keeps it alive, whatever is dropped meanwhile.
 */
import { present, type Digest, type F32Tensor, type TensorMap } from '#core';
import { loraTargets, shapesOf, sortedNames, validateAdapter, type Adapter, type LoraTarget } from '#ml/adapters';
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

/** What sessions are fed with, policy by policy. */
export interface PolicyWeights {
  /** For the base itself. */
  readonly base: WeightSet;
  /** For the base with a LoRA adapter. */
  adapted(tensors: TensorMap, targets: readonly LoraTarget[]): Promise<WeightSet>;
  /** For an adapter that replaces every weight. */
  full(tensors: WeightSet): WeightSet;
}

/** Whole weights, with updates merged in: forward passes cost what the base's cost. */
export class MergedWeights implements PolicyWeights {
  readonly base: WeightSet;

  constructor(
    private readonly baseTensors: TensorMap,
    private readonly merge: MergeProgram,
  ) {
    this.base = weightSet(baseTensors);
  }

  async adapted(tensors: TensorMap, targets: readonly LoraTarget[]): Promise<WeightSet> {
    const merged = new Map<string, F32Tensor>();
    for (const target of targets) {
      const weight = present(this.baseTensors.get(target.tensor), `tensor ${target.tensor}`);
      merged.set(target.tensor, await this.merge.run(weight, tensors, target));
    }
    return new Map([...this.base, ...weightSet(merged)]);
  }

  full(tensors: WeightSet): WeightSet {
    return tensors;
  }
}

export class Policies {
  private readonly base: Policy;
  private readonly resident = new Map<Digest, Promise<Policy>>();

  constructor(
    private readonly baseTensors: TensorMap,
    private readonly weights: PolicyWeights,
  ) {
    this.base = { weights: weights.base, adapter: null };
  }

  /** Takes an adapter in; its weights are made in the background of the calls that come next. */
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
    if (adapter.spec.kind === 'full') return { weights: this.weights.full(tensors), adapter: { tensorNames, tensors } };
    const targets = loraTargets(adapter.spec, shapes, 'adapter');
    return {
      weights: await this.weights.adapted(adapter.tensors, targets),
      adapter: { tensorNames, tensors, lora: loraWeights(targets) },
    };
  }
}
