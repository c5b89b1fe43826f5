/**
 * @file W' = W + scale · B·A, plainly: the slow clear twin of the graph that merges on the fly, and what exports use.
 *
 * Sums run in float64 and are rounded once. Source: arXiv 2106.09685, Eq. 3; scale of rsLoRA: arXiv 2312.03732.
 */
import { assert, f32Tensor, present, type F32Tensor, type TensorMap } from '#core';
import type { Adapter } from './adapter.js';
import { loraName, shapesOf, type BaseShapes } from './lora-names.js';
import { loraTargets, type LoraTarget } from './lora-targets.js';
import { validateAdapter } from './validate-adapter.js';

/** The base's tensors with the adapter worked in; tensors without an update are shared, not copied. */
export function mergeAdapter(base: TensorMap, adapter: Adapter): TensorMap {
  const mergedTensor = tensorMerger(shapesOf(base), adapter, 'adapter to merge');
  return new Map([...base].map(([name, tensor]) => [name, mergedTensor(name, tensor)]));
}

/** One tensor of the base in, the same with the adapter worked in out. */
export type TensorMerger = (name: string, tensor: F32Tensor) => F32Tensor;

/** Merges tensor by tensor, for those who cannot hold a second model. @throws when the adapter does not fit the base */
export function tensorMerger(base: BaseShapes, adapter: Adapter, where: string): TensorMerger {
  validateAdapter(adapter, base, where);
  const { spec, tensors } = adapter;
  if (spec.kind === 'full') return (name) => tensorOf(tensors, name);
  const targets = new Map(loraTargets(spec, base, where).map((target) => [target.tensor, target]));
  return (name, tensor) => {
    const target = targets.get(name);
    return target ? mergedWeight(tensor, tensors, target) : tensor;
  };
}

function mergedWeight(weight: F32Tensor, factors: TensorMap, { tensor, rank, scale }: LoraTarget): F32Tensor {
  const [outputs, inputs] = weight.dims as readonly [number, number];
  const a = tensorOf(factors, loraName(tensor, 'A')).data; // [R, in]
  const b = tensorOf(factors, loraName(tensor, 'B')).data; // [out, R]
  assert(a.length === rank * inputs && b.length === outputs * rank, `factors of ${tensor} have the wrong size`);
  const data = new Float32Array(weight.data.length); // [out, in]
  const row = new Float64Array(inputs);
  for (let i = 0; i < outputs; i++) {
    row.fill(0);
    for (let r = 0; r < rank; r++) {
      const factor = b[i * rank + r]!;
      for (let j = 0; j < inputs; j++) row[j]! += factor * a[r * inputs + j]!;
    }
    for (let j = 0; j < inputs; j++) data[i * inputs + j] = weight.data[i * inputs + j]! + scale * row[j]!;
  }
  return f32Tensor(weight.dims, data);
}

function tensorOf(tensors: TensorMap, name: string): F32Tensor {
  return present(tensors.get(name), `tensor ${name}`);
}
