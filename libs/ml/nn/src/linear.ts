/**
 * @file Linear layer with its weights in one object, with or without a low-rank update.
 *
 *   y = x·Wᵀ + b                              W [out, in], as safetensors files hold it
 *
 * With LoRA (arXiv 2106.09685, Eq. 3) W is the merged weight W₀ + s·B·A, so that forward costs no more than the base;
 * the factors are there to receive gradients.
 */
import * as autodiff from '#ml/autodiff';
import type { GraphBuilder, Value } from '#ml/graph';

export interface LinearWeights {
  /** [out, in]; merged where `lora` is given. */
  readonly weight: Value;
  /** [out] */
  readonly bias?: Value | undefined;
  /** Factors that receive a gradient. */
  readonly lora?: autodiff.Lora | undefined;
}

/** [B, T, in] → [B, T, out] */
export function linear(g: GraphBuilder, x: Value, { weight, bias, lora }: LinearWeights): Value<'B T O'> {
  return autodiff.linear(g, x, weight as Value<'out in'>, {
    bias: bias as Value<'out'> | undefined,
    lora,
  }) as Value<'B T O'>;
}
