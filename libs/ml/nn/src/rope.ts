/**
 * @file Rotary position embedding (arXiv 2104.09864, Eq. 34; pairs i and i + D/2, as Llama's weights expect).
 *
 *   (x₁, x₂) → (x₁ cos θ − x₂ sin θ, x₂ cos θ + x₁ sin θ),   θ = position · frequencyᵢ
 *
 * Cosines and sines come as tables that the caller feeds, so that one graph serves every context length.
 */
import { assert, f32Tensor, present, type F32Tensor } from '#core';
import type { GraphBuilder, Value } from '#ml/graph';
import { splitHeads } from './heads.js';

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

export interface PartialRope {
  readonly tables: RopeTables;
  /** D */
  readonly headDim: number;
  /** First elements of a head that are rotated; twice the width of the tables. */
  readonly rotaryDim: number;
}

/** The same, rotating the first part of every head and leaving the rest as it is. */
export function partialRope(g: GraphBuilder, x: Value, positions: Value, options: PartialRope): Value {
  const { tables, headDim, rotaryDim } = options;
  if (rotaryDim === headDim) return rope(g, x, positions, tables);
  const [batch, length] = [present(x.shape[0], 'B'), present(x.shape[1], 'T')];
  const heads = splitHeads(g, x, headDim); // [B, T, H, D]
  const [turned, kept] = g.split(heads, [rotaryDim, headDim - rotaryDim], -1);
  const headCount = present(heads.shape[2], 'H');
  assert(typeof headCount === 'number', 'a number of heads');
  const flat = g.reshape(present(turned, 'turned'), [batch, length, headCount * rotaryDim]);
  const rotated = g.reshape(rope(g, flat, positions, tables), [batch, length, headCount, rotaryDim]);
  return g.reshapeLike(g.concat([rotated, present(kept, 'kept')], -1), x);
}

/** Tables in host memory. */
export interface RopeCaches {
  readonly cos: F32Tensor;
  readonly sin: F32Tensor;
}

/** Cosines and sines of the first `positionCount` positions, times a factor; angles in float64, rounded once. */
export function ropeCaches(inverseFrequencies: Float64Array, positionCount: number, factor = 1): RopeCaches {
  const pairs = inverseFrequencies.length;
  const cos = new Float32Array(positionCount * pairs);
  const sin = new Float32Array(positionCount * pairs);
  for (let position = 0; position < positionCount; position++) {
    for (let pair = 0; pair < pairs; pair++) {
      const angle = position * inverseFrequencies[pair]!;
      cos[position * pairs + pair] = factor * Math.cos(angle);
      sin[position * pairs + pair] = factor * Math.sin(angle);
    }
  }
  const dims = [positionCount, pairs];
  return { cos: f32Tensor(dims, cos), sin: f32Tensor(dims, sin) };
}
