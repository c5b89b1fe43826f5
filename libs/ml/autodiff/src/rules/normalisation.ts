/** @file Gradients of normalisation and of rotary positions. */
import type { GraphBuilder, Value } from '#ml/graph';
import { gradientOf, inputOf, numberAttribute, type VjpRule } from '../rule.js';

/**
 * RMSNorm (arXiv 1910.07467, eq. 4): r = 1/√(mean(x²) + ε), x̂ = x·r, y = x̂∘w.
 *
 *   ∂L/∂x = r·(t − x̂·mean(t∘x̂)) with t = d∘w        ∂L/∂w = Σ d∘x̂
 */
export const rmsNormRule: VjpRule = (node, [d]) => {
  const x = inputOf(node, 0);
  const weight = inputOf(node, 1);
  const seed = gradientOf(d, node);
  const epsilon = numberAttribute(node, 'epsilon');
  return [
    (g) => {
      const inverseRms = inverseRmsOf(g.scope('inverseRms'), x, epsilon);
      const normalised = g.scope('normalised').mul(x, inverseRms);
      const t = g.scope('weighted').mul(seed, weight);
      const projection = g.scope('projection');
      const mean = projection.reduceMean(projection.mul(t, normalised), [-1], { keepDims: true });
      return g.mul(g.sub(t, projection.scope('onto').mul(normalised, mean)), inverseRms);
    },
    (g) => {
      const inverseRms = inverseRmsOf(g.scope('inverseRms'), x, epsilon);
      return g.sumTo(g.mul(seed, g.scope('normalised').mul(x, inverseRms)), weight.shape);
    },
  ];
};

/** r, once more: the optimiser merges equal nodes, and not every execution provider gives it with y. */
function inverseRmsOf(g: GraphBuilder, x: Value, epsilon: number): Value {
  return g.reciprocal(g.sqrt(g.add(g.reduceMean(g.mul(x, x), [-1], { keepDims: true }), epsilon)));
}

/** A rotation's transpose is the rotation by the opposite angles: cos(−θ) = cos θ, sin(−θ) = −sin θ. */
export const rotaryEmbeddingRule: VjpRule = (node, [d]) => {
  const [positions, cos, sin] = [inputOf(node, 1), inputOf(node, 2), inputOf(node, 3)];
  return [(g) => g.rotaryEmbedding(gradientOf(d, node), positions, cos, g.neg(sin)), null, null, null];
};
