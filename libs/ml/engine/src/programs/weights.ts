/**
 * @file Weights as inputs of graphs: every session reads the same memory, and an update is seen by all at once.
 */
import { assert, present, type TensorMap } from '#core';
import { loraName, type LoraTarget } from '#ml/adapters';
import type { Lora } from '#ml/autodiff';
import { modelTensors, type ModelConfig } from '#ml/checkpoint';
import type { GraphBuilder, Value } from '#ml/graph';
import type { ModelWeights } from '#ml/models';
import { f32View, type OnnxSession, type SessionTensor } from '#ml/runtime';

/** Tensors by name, as sessions take them; views of memory that the engine owns. */
export type WeightSet = ReadonlyMap<string, SessionTensor>;

export function weightSet(tensors: TensorMap): WeightSet {
  return new Map([...tensors].map(([name, { dims, data }]) => [name, f32View(dims, data)]));
}

/** Those weights that a session reads. */
export function weightFeeds(session: OnnxSession, ...sets: readonly WeightSet[]): Record<string, SessionTensor> {
  const feeds: Record<string, SessionTensor> = {};
  for (const name of session.inputNames) {
    const tensor = sets.map((set) => set.get(name)).find((found) => found !== undefined);
    if (tensor) feeds[name] = tensor;
  }
  return feeds;
}

/** Which weights carry low-rank updates whose factors receive gradients: base tensors by name. The rank is free. */
export type LoraTargets = ReadonlyMap<string, LoraWeight>;

export interface LoraWeight {
  readonly scale: number;
  /** Symbol of the rank in graphs; factors of another rank have another symbol. */
  readonly rankSymbol: string;
}

/** One symbol, `R`, where all targets share their rank. */
export function loraWeights(targets: readonly LoraTarget[]): LoraTargets {
  const isShared = targets.every(({ rank }) => rank === targets[0]?.rank);
  return new Map(
    targets.map(({ tensor, rank, scale }) => [tensor, { scale, rankSymbol: isShared ? 'R' : `R${rank}` }]),
  );
}

/** Weights of a graph, and which of its inputs are trained. */
export interface ProgramWeights extends ModelWeights {
  /** By name. */
  trainable(): ReadonlyMap<string, Value>;
}

/** Declares each weight as a graph input when the model first asks for it. */
export class WeightInputs implements ProgramWeights {
  private readonly dims: ReadonlyMap<string, readonly number[]>;
  private readonly declared = new Map<string, Value>();
  private readonly factors = new Map<string, Value>();

  constructor(
    private readonly g: GraphBuilder,
    config: ModelConfig,
    private readonly loraTargets?: LoraTargets,
  ) {
    this.dims = new Map(modelTensors(config).map(({ name, dims }) => [name, dims]));
  }

  tensor(name: string): Value {
    const known = this.declared.get(name);
    if (known) return known;
    const value = this.g.input(name, 'f32', present(this.dims.get(name), `tensor ${name} of the model`));
    this.declared.set(name, value);
    return value;
  }

  lora(name: string): Lora | undefined {
    const target = this.loraTargets?.get(name);
    if (!target) return undefined;
    const [outputs, inputs] = present(this.dims.get(name), `tensor ${name} of the model`);
    assert(outputs !== undefined && inputs !== undefined, `${name} is a matrix`);
    return {
      a: this.factor(loraName(name, 'A'), [target.rankSymbol, inputs]) as Value<'R in'>,
      b: this.factor(loraName(name, 'B'), [outputs, target.rankSymbol]) as Value<'out R'>,
      scale: target.scale,
    };
  }

  /** What is trained, by name: the factors, or without LoRA all weights the model asked for. */
  trainable(): ReadonlyMap<string, Value> {
    return this.loraTargets ? this.factors : this.declared;
  }

  private factor(name: string, shape: readonly (number | string)[]): Value {
    const value = this.factors.get(name) ?? this.g.input(name, 'f32', shape);
    this.factors.set(name, value);
    return value;
  }
}
