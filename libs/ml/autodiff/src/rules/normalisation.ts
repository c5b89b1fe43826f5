/** @file Gradients of normalisation and of rotary positions. */
import { assert } from '#core';
import { gradientOf, inputOf, outputOf, type VjpRule } from '../rule.js';

/**
 * RMSNorm (arXiv 1910.07467, eq. 4): r = 1/√(mean(x²) + ε), x̂ = x·r, y = x̂∘w.
 *
 *   ∂L/∂x = r·(t − x̂·mean(t∘x̂)) with t = d∘w        ∂L/∂w = Σ d∘x̂
 */
export const rmsNormRule: VjpRule = (node, [d, ofInverseRms]) => {
  assert(!ofInverseRms, `${node.name}: nothing may depend on 1/rms but its own gradient`);
  const x = inputOf(node, 0);
  const weight = inputOf(node, 1);
  const inverseRms = outputOf(node, 1);
  const seed = gradientOf(d, node);
  return [
    (g) => {
      const normalised = g.mul(x, inverseRms);
      const t = g.mul(seed, weight);
      const projection = g.reduceMean(g.mul(t, normalised), [-1], { keepDims: true });
      return g.mul(g.sub(t, g.mul(normalised, projection)), inverseRms);
    },
    (g) => g.sumTo(g.mul(seed, g.mul(x, inverseRms)), weight.shape),
  ];
};

/** A rotation's transpose is the rotation by the opposite angles: cos(−θ) = cos θ, sin(−θ) = −sin θ. */
export const rotaryEmbeddingRule: VjpRule = (node, [d]) => {
  const [positions, cos, sin] = [inputOf(node, 1), inputOf(node, 2), inputOf(node, 3)];
  return [(g) => g.rotaryEmbedding(gradientOf(d, node), positions, cos, g.neg(sin)), null, null, null];
};
