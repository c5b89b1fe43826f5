/**
 * @file Between PEFT's tensor names and the base model's.
 *
 *   base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight [R, in]   ┐
 *   base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight [out, R]  ┘→ model.layers.0.self_attn.q_proj.weight
 */
import type { TensorMap } from '#core';

/** The two factors of an update. */
export type LoraFactor = 'A' | 'B';

/** What `all-linear` stands for in the families supported here: every linear layer but the head. */
export const ALL_LINEAR = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const;

const PREFIX = 'base_model.model.';
const LORA_NAME = /^base_model\.model\.(.+)\.lora_([AB])\.weight$/;

/** PEFT's name of a factor for a base tensor `<module>.weight`. */
export function loraName(baseTensor: string, factor: LoraFactor): string {
  return `${PREFIX}${baseTensor.replace(/\.weight$/, '')}.lora_${factor}.weight`;
}

/** The base tensor a factor updates, or undefined where the name is not a factor's. */
export function parseLoraName(name: string): { readonly baseTensor: string; readonly factor: LoraFactor } | undefined {
  const match = LORA_NAME.exec(name);
  return match ? { baseTensor: `${match[1]}.weight`, factor: match[2] as LoraFactor } : undefined;
}

/** The module that a base tensor belongs to: `model.layers.0.self_attn.q_proj`. */
export function moduleOf(baseTensor: string): string {
  return baseTensor.replace(/\.[^.]*$/, '');
}

/** The last part of a module's name, for instance `q_proj`. */
export function moduleSuffix(module: string): string {
  return module.slice(module.lastIndexOf('.') + 1);
}

/** Names and shapes of a model's tensors, as far as adapters need them. */
export type BaseShapes = ReadonlyMap<string, readonly number[]>;

/** Shapes of tensors at hand. */
export function shapesOf(tensors: TensorMap): BaseShapes {
  return new Map([...tensors].map(([name, { dims }]) => [name, dims]));
}
