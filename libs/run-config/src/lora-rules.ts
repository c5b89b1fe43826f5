/** @file The section `model.lora` in the words of PEFT, as `resolveLora` of #ml/adapters takes them. */
import type { RunConfig } from './run-config.js';

/** Which layers are updated, and how strongly. */
export function loraRules({ model: { lora } }: { readonly model: Pick<RunConfig['model'], 'lora'> }) {
  return {
    rank: lora.rank,
    alpha: lora.alpha,
    rankStabilized: lora.rank_stabilized,
    targetModules: lora.target_modules,
    excludeModules: lora.exclude_modules,
    layersToTransform: lora.layers_to_transform,
    layersPattern: lora.layers_pattern,
    rankPattern: lora.rank_pattern,
    alphaPattern: lora.alpha_pattern,
  };
}
