/**
 * @file Frequencies of the rotary position embedding (RoPE).
 *
 *   default:  ω_j = θ^(−2j/D),  j = 0 … D/2 − 1
 *   linear:   ω/factor
 *   dynamic:  ω, as long as a sequence stays within the context that the model was made for
 *   llama3:   λ_j = 2π/ω_j against the original context length L:
 *               λ < L/high:  ω        (short waves stay)
 *               λ > L/low:   ω/factor (long waves are stretched)
 *               between:     (1 − t)·ω/factor + t·ω,  t = (L/λ − low) / (high − low)
 *   yarn:     (1 − r_j)·ω + r_j·ω/factor with r rising from 0 to 1 between the pairs that turn β_fast and β_slow times
 *             within L
 *   longrope: ω/short_j, as long as a sequence stays within L
 *
 * yarn and longrope also multiply cosines and sines by an attention factor.
 *
 * Source: arXiv 2104.09864, Eq. 15 (default); 2309.00071 (yarn); 2402.13753 (longrope); transformers
 * `modeling_rope_utils.py` for all. The embedding pairs element j with element j + D/2, as Hugging Face checkpoints
 * expect; D is the number of rotated elements.
 */
export interface DefaultRope {
  readonly kind: 'default';
  /** Θ, in (0, ∞). */
  readonly theta: number;
}

export interface LinearRope {
  readonly kind: 'linear';
  readonly theta: number;
  readonly factor: number;
}

/** Stretches with the length of what is read, but only beyond the model's context, where the engine does not go. */
export interface DynamicRope {
  readonly kind: 'dynamic';
  readonly theta: number;
  readonly factor: number;
}

export interface Llama3Rope {
  readonly kind: 'llama3';
  readonly theta: number;
  readonly factor: number;
  readonly lowFrequencyFactor: number;
  readonly highFrequencyFactor: number;
  readonly originalContextTokens: number;
}

export interface YarnRope {
  readonly kind: 'yarn';
  readonly theta: number;
  readonly factor: number;
  readonly betaFast: number;
  readonly betaSlow: number;
  /** Whether the borders of the ramp are whole numbers. */
  readonly truncate: boolean;
  readonly attentionFactor: number;
  readonly originalContextTokens: number;
}

/** Its other factors are for sequences beyond the original context, where the engine does not go. */
export interface LongRope {
  readonly kind: 'longrope';
  readonly theta: number;
  /** One per rotated pair. */
  readonly shortFactors: readonly number[];
  readonly attentionFactor: number;
  readonly originalContextTokens: number;
}

export type RopeConfig = DefaultRope | LinearRope | DynamicRope | Llama3Rope | YarnRope | LongRope;

export const ROPE_KINDS = ['default', 'linear', 'dynamic', 'llama3', 'yarn', 'longrope'] as const;

/** Angle per position of each rotated pair, radians, [D/2]. */
export function ropeInverseFrequencies(rope: RopeConfig, rotaryDim: number): Float64Array {
  const frequencies = Float64Array.from({ length: rotaryDim / 2 }, (_, j) => rope.theta ** ((-2 * j) / rotaryDim));
  switch (rope.kind) {
    case 'default':
    case 'dynamic':
      return frequencies;
    case 'linear':
      return frequencies.map((frequency) => frequency / rope.factor);
    case 'llama3':
      return frequencies.map((frequency) => stretched(frequency, rope));
    case 'yarn':
      return ramped(frequencies, rope, rotaryDim);
    case 'longrope':
      return frequencies.map((frequency, j) => frequency / rope.shortFactors[j]!);
    default:
      return rope satisfies never;
  }
}

/** Factor on cosines and sines. */
export function ropeAttentionFactor(rope: RopeConfig): number {
  return 'attentionFactor' in rope ? rope.attentionFactor : 1;
}

function stretched(frequency: number, rope: Llama3Rope): number {
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalContextTokens: length } = rope;
  const waves = (length * frequency) / (2 * Math.PI); // L/λ
  if (waves > high) return frequency;
  if (waves < low) return frequency / factor;
  const t = (waves - low) / (high - low);
  return ((1 - t) * frequency) / factor + t * frequency;
}

function ramped(frequencies: Float64Array, rope: YarnRope, rotaryDim: number): Float64Array {
  const { theta, factor, betaFast, betaSlow, truncate, originalContextTokens: length } = rope;
  /** The pair, as a fraction, that turns so many times within L. */
  const pairTurning = (turns: number) => (rotaryDim * Math.log(length / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const whole = (value: number, round: (value: number) => number) => (truncate ? round(value) : value);
  const low = Math.max(whole(pairTurning(betaFast), Math.floor), 0);
  const high = Math.min(whole(pairTurning(betaSlow), Math.ceil), rotaryDim - 1);
  const width = high === low ? 0.001 : high - low; // transformers' own way out of a division by zero
  return frequencies.map((frequency, j) => {
    const ramp = Math.min(Math.max((j - low) / width, 0), 1);
    return (frequency / factor) * ramp + frequency * (1 - ramp);
  });
}
