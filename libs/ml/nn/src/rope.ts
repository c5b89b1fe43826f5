/**
 * @file Rotary position embedding (arXiv 2104.09864, Eq. 34; pairs i and i + D/2, as Llama's weights expect).
 *
 *   (x₁, x₂) → (x₁ cos θ − x₂ sin θ, x₂ cos θ + x₁ sin θ),   θ = position · frequencyᵢ
 *
 * Cosines and sines come as tables that the caller feeds, so that one graph serves every context length.
 */
import { f32Tensor, type F32Tensor } from '#core';
import type { GraphBuilder, Value } from '#ml/graph';

/** Tables of a graph: both [L, D/2], row p for position p. */
export interface RopeTables {
  readonly cos: Value;
  readonly sin: Value;
}

/**
 * @param x [B, T, H·D]
 * @param positions [B, T], each in [0, L)
 */
export function rope<A extends string>(g: GraphBuilder, x: Value<A>, positions: Value, tables: RopeTables): Value<A> {
  return g.rotaryEmbedding(x, positions, tables.cos, tables.sin);
}

/** Tables in host memory. */
export interface RopeCaches {
  readonly cos: F32Tensor;
  readonly sin: F32Tensor;
}

/** Cosines and sines of the first `positionCount` positions; angles in float64, rounded once. */
export function ropeCaches(inverseFrequencies: Float64Array, positionCount: number): RopeCaches {
  const pairs = inverseFrequencies.length;
  const cos = new Float32Array(positionCount * pairs);
  const sin = new Float32Array(positionCount * pairs);
  for (let position = 0; position < positionCount; position++) {
    for (let pair = 0; pair < pairs; pair++) {
      const angle = position * inverseFrequencies[pair]!;
      cos[position * pairs + pair] = Math.cos(angle);
      sin[position * pairs + pair] = Math.sin(angle);
    }
  }
  const dims = [positionCount, pairs];
  return { cos: f32Tensor(dims, cos), sin: f32Tensor(dims, sin) };
}
