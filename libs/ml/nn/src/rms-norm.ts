/**
 * @file Root mean square normalisation (arXiv 1910.07467, Eq. 4), with ε inside the root as Llama has it.
 *
 *   y = x / √(mean(x²) + ε) ⊙ w
 *
 * One node of ONNX Runtime.
 */
import type { GraphBuilder, Value } from '#ml/graph';
import { splitHeads } from './heads.js';

/**
 * @param x [B, T, C]
 * @param weight [C]
 */
export function rmsNorm<A extends string>(g: GraphBuilder, x: Value<A>, weight: Value, epsilon: number): Value<A> {
  return g.simplifiedLayerNormalization(x, weight, epsilon).y as Value<A>;
}

/**
 * The same for every head by itself.
 *
 * @param x [B, T, H·D]
 * @param weight [D]
 */
export function headNorm(g: GraphBuilder, x: Value, weight: Value, epsilon: number): Value {
  return g.reshapeLike(rmsNorm(g, splitHeads(g, x, weight.shape.at(-1)), weight, epsilon), x);
}

/** The gain of norms that are stored around 0 (Gemma): 1 + w. */
export function offsetGain(g: GraphBuilder, weight: Value): Value {
  return g.add(weight, 1);
}
