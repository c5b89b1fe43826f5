/**
 * @file Clipping by global norm: all gradients are scaled together, so their direction stays.
 *
 *   factor = min(1, clip / (‖g‖ + 1e-6))
 *
 * Source: Pascanu et al., arXiv 1211.5063, Algorithm 1; the constant is torch's `clip_grad_norm_`.
 */
import type { TensorMap } from '#core';

/** Keeps the quotient finite for a zero gradient. */
const NORM_EPSILON = 1e-6;

/** Euclidean norm over all elements of all tensors, summed in float64 in the map's order. */
export function globalNorm(tensors: TensorMap): number {
  let squares = 0;
  for (const { data } of tensors.values()) {
    for (let i = 0; i < data.length; i++) squares += data[i]! * data[i]!;
  }
  return Math.sqrt(squares);
}

/** What to multiply gradients of this norm with; `clip` in (0, ∞], Infinity never clips. */
export function clipFactor(norm: number, clip: number): number {
  return Math.min(1, clip / (norm + NORM_EPSILON));
}
