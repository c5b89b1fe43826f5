/**
 * @file Weights that a session carries, with every adapter beside them.
 *
 *   y = x·Wᵀ + (x·Aᵀ)·(s·B)ᵀ       W resident; A and s·B inputs, a few megabytes
 *
 * One session serves the base and all adapters: what an adapter does not touch gets factors of zeros, of rank 1. Each
 * matrix has a rank of its own.
 */
import { assert, elementCount, f32Tensor, present, type F32Tensor, type TensorMap } from '#core';
import { loraName } from '#ml/adapters';
import type { Lora } from '#ml/autodiff';
import { modelTensors, type ModelConfig } from '#ml/checkpoint';
import type { GraphBuilder, Value } from '#ml/graph';
import type { LoraTargets, ProgramWeights } from '../programs/weights.js';

/** Name of the input that holds s·B. */
export function scaledName(target: string): string {
  return `scaled.${loraName(target, 'B')}`;
}

export class ResidentWeights implements ProgramWeights {
  private readonly dims: ReadonlyMap<string, readonly number[]>;
  private readonly declared = new Map<string, Value>();
  private readonly factors = new Map<string, Value>();
  private readonly updates = new Map<string, Lora>();

  constructor(
    private readonly g: GraphBuilder,
    config: ModelConfig,
    private readonly tensors: TensorMap,
    /** Given where their factors receive gradients; otherwise every matrix takes an update. */
    private readonly trained?: LoraTargets,
  ) {
    this.dims = new Map(modelTensors(config).map(({ name, dims }) => [name, dims]));
  }

  tensor(name: string): Value {
    const known = this.declared.get(name);
    if (known) return known;
    const { dims, data } = present(this.tensors.get(name), `tensor ${name}`);
    const value = this.g.initializer(name, 'f32', dims, data);
    this.declared.set(name, value);
    return value;
  }

  lora(name: string): Lora | undefined {
    const known = this.updates.get(name);
    if (known) return known;
    const target = this.trained?.get(name);
    if (this.trained && !target) return undefined;
    const [outputs, inputs] = present(this.dims.get(name), `tensor ${name} of the model`);
    assert(outputs !== undefined && inputs !== undefined, `${name} is a matrix`);
    const rank = target?.rankSymbol ?? `R${this.updates.size}`;
    const update: Lora = {
      a: this.factor(loraName(name, 'A'), [rank, inputs]) as Value<'R in'>,
      b: this.factor(target ? loraName(name, 'B') : scaledName(name), [outputs, rank]) as Value<'out R'>,
      scale: target?.scale ?? 1,
      unmerged: true,
    };
    this.updates.set(name, update);
    return update;
  }

  /** The factors: what is resident is not trained. */
  trainable(): ReadonlyMap<string, Value> {
    return this.factors;
  }

  private factor(name: string, shape: readonly (number | string)[]): Value {
    const value = this.g.input(name, 'f32', shape);
    this.factors.set(name, value);
    return value;
  }
}

/** Factors of zeros for every matrix of a model: the base, as an adapter. */
export function zeroFactors(config: ModelConfig): TensorMap {
  const tensors = new Map<string, F32Tensor>();
  for (const { name, dims } of modelTensors(config)) {
    const [outputs, inputs, ...more] = dims;
    if (outputs === undefined || inputs === undefined || more.length > 0) continue;
    tensors.set(loraName(name, 'A'), zeros([1, inputs]));
    tensors.set(scaledName(name), zeros([outputs, 1]));
  }
  return tensors;
}

function zeros(dims: readonly number[]): F32Tensor {
  return f32Tensor(dims, new Float32Array(elementCount(dims)));
}
