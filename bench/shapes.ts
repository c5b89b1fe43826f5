/** @file Shapes of the models that are measured. Weights are random: speed does not depend on what a model knows. */

export interface Shape {
  /** C. */
  readonly hidden: number;
  readonly layers: number;
  /** H query heads and K key/value heads, each 64 wide. */
  readonly heads: number;
  readonly kvHeads: number;
  /** F. */
  readonly feedForward: number;
  /** V. */
  readonly vocabulary: number;
}

export const HEAD_DIM = 64;

export const SHAPES = {
  /** 18 million parameters: large enough for matrices to dominate, small enough for a minute. */
  mid: { hidden: 384, layers: 8, heads: 6, kvHeads: 2, feedForward: 1024, vocabulary: 8192 },
  /** SmolLM2-135M. */
  'smollm2-135m': { hidden: 576, layers: 30, heads: 9, kvHeads: 3, feedForward: 1536, vocabulary: 49_152 },
} as const satisfies Readonly<Record<string, Shape>>;

export type ShapeName = keyof typeof SHAPES;

/** Parameters of all layers' matrices: what a token is multiplied with, the head left out. */
export function layerParameters({ hidden, layers, heads, kvHeads, feedForward }: Shape): number {
  const attention = hidden * HEAD_DIM * (2 * heads + 2 * kvHeads);
  return layers * (attention + 3 * hidden * feedForward);
}

/**
 * Operations of one forward pass over a sequence of T tokens, of which `headTokens` go through the head: two per
 * parameter and token, and 4·T·H·D per token and layer for attention, which the kernels compute unmasked.
 */
export function forwardFlops(shape: Shape, tokens: number, headTokens: number): number {
  const attention = 4 * tokens * tokens * shape.heads * HEAD_DIM * shape.layers;
  return 2 * layerParameters(shape) * tokens + attention + 2 * shape.hidden * shape.vocabulary * headTokens;
}
