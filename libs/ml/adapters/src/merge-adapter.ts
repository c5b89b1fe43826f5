/**
 * @file W' = W + scale · B·A, plainly: the slow clear twin of the graph that merges on the fly, and what exports use.
 *
 * Sums run in float64 and are rounded once. Source: arXiv 2106.09685, Eq. 3; scale of rsLoRA: arXiv 2312.03732.
 */
import { assert, f32Tensor, present, type F32Tensor, type TensorMap } from '#core';
import { loraScale, type Adapter, type LoraSpec } from './adapter.js';
import { loraName, shapesOf } from './lora-names.js';
import { loraTargets, validateAdapter } from './validate-adapter.js';

/** The base's tensors with the adapter worked in; tensors without an update are shared, not copied. */
export function mergeAdapter(base: TensorMap, adapter: Adapter): TensorMap {
  validateAdapter(adapter, shapesOf(base), 'adapter to merge');
  if (adapter.spec.kind === 'full')
    return new Map([...base.keys()].map((name) => [name, tensorOf(adapter.tensors, name)]));
  const merged = new Map(base);
  for (const target of loraTargets(adapter.spec.targetModules, shapesOf(base), 'adapter to merge')) {
    merged.set(target, mergedWeight(tensorOf(base, target), adapter.tensors, { target, spec: adapter.spec }));
  }
  return merged;
}

function mergedWeight(weight: F32Tensor, factors: TensorMap, at: { target: string; spec: LoraSpec }): F32Tensor {
  const [outputs, inputs] = weight.dims as readonly [number, number];
  const { rank } = at.spec;
  const scale = loraScale(at.spec);
  const a = tensorOf(factors, loraName(at.target, 'A')).data; // [R, in]
  const b = tensorOf(factors, loraName(at.target, 'B')).data; // [out, R]
  assert(a.length === rank * inputs && b.length === outputs * rank, `factors of ${at.target} have the wrong size`);
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
