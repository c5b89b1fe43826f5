/**
 * @file Frequencies of the rotary position embedding (RoPE).
 *
 *   default:  ω_j = θ^(−2j/D),  j = 0 … D/2 − 1
 *   llama3:   λ_j = 2π/ω_j against the original context length L:
 *               λ < L/high:  ω        (short waves stay)
 *               λ > L/low:   ω/factor (long waves are stretched)
 *               between:     (1 − t)·ω/factor + t·ω,  t = (L/λ − low) / (high − low)
 *
 * Source: arXiv 2104.09864, Eq. 15 (default); transformers `modeling_rope_utils.py` (llama3, of Llama 3.1).
 * The embedding pairs element j with element j + D/2, as Hugging Face checkpoints expect.
 */
export interface DefaultRope {
  readonly kind: 'default';
  /** Θ, in (0, ∞). */
  readonly theta: number;
}

export interface Llama3Rope {
  readonly kind: 'llama3';
  readonly theta: number;
  readonly factor: number;
  readonly lowFrequencyFactor: number;
  readonly highFrequencyFactor: number;
  readonly originalContextTokens: number;
}

export type RopeConfig = DefaultRope | Llama3Rope;

/** Angle per position of each rotated pair, radians, [D/2]. */
export function ropeInverseFrequencies(rope: RopeConfig, headDim: number): Float64Array {
  const frequencies = Float64Array.from({ length: headDim / 2 }, (_, j) => rope.theta ** ((-2 * j) / headDim));
  switch (rope.kind) {
    case 'default':
      return frequencies;
    case 'llama3':
      return frequencies.map((frequency) => stretched(frequency, rope));
    default:
      return rope satisfies never;
  }
}

function stretched(frequency: number, rope: Llama3Rope): number {
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalContextTokens: length } = rope;
  const waves = (length * frequency) / (2 * Math.PI); // L/λ
  if (waves > high) return frequency;
  if (waves < low) return frequency / factor;
  const t = (waves - low) / (high - low);
  return ((1 - t) * frequency) / factor + t * frequency;
}
