/**
 * @file Root mean square normalisation (arXiv 1910.07467, Eq. 4), with ε inside the root as Llama has it.
 *
 *   y = x / √(mean(x²) + ε) ⊙ w
 *
 * One node of ONNX Runtime.
 */
import type { GraphBuilder, Value } from '#ml/graph';

/**
 * @param x [B, T, C]
 * @param weight [C]
 */
export function rmsNorm<A extends string>(g: GraphBuilder, x: Value<A>, weight: Value, epsilon: number): Value<A> {
  return g.simplifiedLayerNormalization(x, weight, epsilon).y as Value<A>;
}
