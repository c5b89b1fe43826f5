/** @file Shapes of the models that are measured, and how many operations they need. Speed does not depend on what a model knows. */
import type { ModelConfig } from '#ml/checkpoint';

export interface Shape {
  /** C. */
  readonly hidden: number;
  readonly layers: number;
  /** H query heads and K key/value heads, each D wide. */
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** F. */
  readonly feedForward: number;
  /** V. */
  readonly vocabulary: number;
}

export const SHAPES = {
  /** A hundred thousand parameters: whether the benchmarks run at all. */
  tiny: { hidden: 64, layers: 2, heads: 2, kvHeads: 1, headDim: 32, feedForward: 128, vocabulary: 512 },
  /** 18 million parameters: large enough for matrices to dominate, small enough for a minute. */
  mid: { hidden: 384, layers: 8, heads: 6, kvHeads: 2, headDim: 64, feedForward: 1024, vocabulary: 8192 },
  'smollm2-135m': {
    hidden: 576,
    layers: 30,
    heads: 9,
    kvHeads: 3,
    headDim: 64,
    feedForward: 1536,
    vocabulary: 49_152,
  },
  /** That of Llama 3.2 1B: for graphics cards. */
  'llama-1b': {
    hidden: 2048,
    layers: 16,
    heads: 32,
    kvHeads: 8,
    headDim: 64,
    feedForward: 8192,
    vocabulary: 128_256,
  },
} as const satisfies Readonly<Record<string, Shape>>;

export type ShapeName = keyof typeof SHAPES;

export function shapeOf(config: ModelConfig): Shape {
  return {
    hidden: config.hiddenSize,
    layers: config.layerCount,
    heads: config.headCount,
    kvHeads: config.kvHeadCount,
    headDim: config.headDim,
    feedForward: config.feedForwardSize,
    vocabulary: config.vocabularySize,
  };
}

/** Parameters of all layers' matrices: what a token is multiplied with, the head left out. */
export function layerParameters({ hidden, layers, heads, kvHeads, headDim, feedForward }: Shape): number {
  const attention = hidden * headDim * (2 * heads + 2 * kvHeads);
  return layers * (attention + 3 * hidden * feedForward);
}

/**
 * Operations of one forward pass over a sequence of T tokens, of which `headTokens` go through the head: two per
 * parameter and token, and 4·T·H·D per token and layer for attention, counted unmasked as everyone computes it.
 */
export function forwardFlops(shape: Shape, tokens: number, headTokens: number): number {
  const attention = 4 * tokens * tokens * shape.heads * shape.headDim * shape.layers;
  return 2 * layerParameters(shape) * tokens + attention + 2 * shape.hidden * shape.vocabulary * headTokens;
}

/**
 * Operations of a LoRA gradient over the same sequence: forward, and backward to the inputs of every matrix. The frozen
 * matrices need no gradient of their own; attention, where both factors vary, needs two. The low-rank factors' own are
 * small and not counted.
 */
export function gradientFlops(shape: Shape, tokens: number, headTokens: number): number {
  const attention = 4 * tokens * tokens * shape.heads * shape.headDim * shape.layers;
  return 2 * forwardFlops(shape, tokens, headTokens) + attention;
}
