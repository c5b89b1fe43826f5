/**
 * @file The slow clear twin of `meta-objective.ts`: float64, scalar loops, the gradient written out.
 *
 * With t_j = tanh(W1_j s + b1_j) and g = (ℓ_on − ℓ_off) w (1 − w) / N, summed over the buffer:
 *
 *   ∂L/∂b2 = Σ g      ∂L/∂W2_j = Σ g t_j      ∂L/∂b1_j = Σ g W2_j (1 − t_j²)      ∂L/∂W1_j = Σ g W2_j (1 − t_j²) s
 *
 * Source: arXiv 2509.23371, Eq. 7, worked out for the two layers.
 */
import type { ParameterName } from './phi.js';

export type Phi64 = { readonly [Name in ParameterName]: Float64Array };

interface Buffer64 {
  readonly scores: ArrayLike<number>;
  readonly ellOff: ArrayLike<number>;
  readonly ellOn: ArrayLike<number>;
}

/** h_φ(s) of one score. */
export function referenceWeight({ W1, b1, W2, b2 }: Phi64, s: number): number {
  let z = b2[0]!;
  for (let j = 0; j < W1.length; j++) z += W2[j]! * Math.tanh(W1[j]! * s + b1[j]!);
  return 1 / (1 + Math.exp(-z));
}

/** L_meta. */
export function referenceLoss(phi: Phi64, { scores, ellOff, ellOn }: Buffer64): number {
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    const w = referenceWeight(phi, scores[i]!);
    sum += w * ellOff[i]! + (1 - w) * ellOn[i]!;
  }
  return -sum / scores.length;
}

/** ∂L_meta/∂φ. */
export function referenceGradient(phi: Phi64, { scores, ellOff, ellOn }: Buffer64): Phi64 {
  const { W1, b1, W2 } = phi;
  const width = W1.length;
  const gradient = {
    W1: new Float64Array(width),
    b1: new Float64Array(width),
    W2: new Float64Array(width),
    b2: new Float64Array(1),
  };
  for (let i = 0; i < scores.length; i++) {
    const s = scores[i]!;
    const w = referenceWeight(phi, s);
    const g = ((ellOn[i]! - ellOff[i]!) * w * (1 - w)) / scores.length;
    gradient.b2[0]! += g;
    for (let j = 0; j < width; j++) {
      const t = Math.tanh(W1[j]! * s + b1[j]!);
      const inner = g * W2[j]! * (1 - t * t);
      gradient.W2[j]! += g * t;
      gradient.b1[j]! += inner;
      gradient.W1[j]! += inner * s;
    }
  }
  return gradient;
}
