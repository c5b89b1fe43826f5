/**
 * @file Attention over a whole sequence, with grouped key/value heads (arXiv 1706.03762, Eq. 1; arXiv 2305.13245).
 *
 *   O = softmax(α·Q·Kᵀ + mask)·V,   α = 1/√D where a model does not say otherwise
 */
import { present } from '#core';
import * as autodiff from '#ml/autodiff';
import type { GraphBuilder, Value } from '#ml/graph';

export interface HeadSizes {
  /** H */
  readonly headCount: number;
  /** K, divides H. */
  readonly kvHeadCount: number;
  /** D */
  readonly headDim: number;
  /** Factor on q·k, usually 1/√D. */
  readonly attentionScale: number;
}

export interface QueryKeyValue {
  /** [B, T, H·D], rotated. */
  readonly q: Value;
  /** [B, T, K·D], rotated. */
  readonly k: Value;
  /** [B, T, K·D] */
  readonly v: Value;
}

/** Keys and values by head, for a cache. */
export interface KeyValue {
  readonly k: Value<'B K S D'>;
  readonly v: Value<'B K S D'>;
}

/**
 * Attends within each sequence; the output is [B, T, H·D].
 *
 * @param mask added to the scores: 0 where a query (axis 3) sees a key (axis 4), else `MASKED`
 */
export function attention(
  g: GraphBuilder,
  { q, k, v }: QueryKeyValue,
  mask: Value<'B 1 1 T S'>,
  { headCount, kvHeadCount, headDim, attentionScale }: HeadSizes,
): { readonly output: Value; readonly keyValue: KeyValue } {
  const [batch, length] = [present(q.shape[0], 'B'), present(q.shape[1], 'T')];
  const byHead = (name: string, x: Value, heads: number): Value => {
    const scope = g.scope(name);
    return scope.transpose(scope.reshape(x, [batch, length, heads, headDim]), [0, 2, 1, 3]); // [B, heads, T, D]
  };
  const keyValue = {
    k: byHead('k_heads', k, kvHeadCount) as Value<'B K S D'>,
    v: byHead('v_heads', v, kvHeadCount) as Value<'B K S D'>,
  };
  const queries = byHead('q_heads', q, headCount) as Value<'B H T D'>;
  const context = autodiff.attention(g, { q: queries, ...keyValue, mask, scale: attentionScale }); // [B, H, T, D]
  const output = g.reshape(g.transpose(context, [0, 2, 1, 3]), [batch, length, headCount * headDim]);
  return { output, keyValue };
}
