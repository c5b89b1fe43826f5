/**
 * @file Weights to start training from: matrices normal(0, 0.02), norms neutral, biases zero, as transformers'
 * `initializer_range` has it. Each tensor has its own random numbers, keyed by its name.
 */
import { Rng, elementCount, f32Tensor, type F32Tensor, type TensorMap } from '#core';
import { modelTensors, type ModelConfig } from '#ml/checkpoint';

const STANDARD_DEVIATION = 0.02;

/** A whole model's tensors, a function of config and seed. */
export function initialWeights(config: ModelConfig, seed: number): TensorMap {
  const tensors = new Map<string, F32Tensor>();
  for (const { name, dims } of modelTensors(config)) {
    const data = new Float32Array(elementCount(dims));
    if (dims.length > 1) {
      const rng = new Rng('initial weights', seed, name);
      for (let index = 0; index < data.length; index++) data[index] = STANDARD_DEVIATION * rng.normal();
    } else if (name.endsWith('norm.weight') && config.architecture !== 'Gemma3ForCausalLM') {
      data.fill(1); // Gemma adds the 1 itself
    }
    tensors.set(name, f32Tensor(dims, data));
  }
  return tensors;
}
