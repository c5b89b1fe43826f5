/** @file From the heads of a token side by side to an axis of their own. */
import { assert, present } from '#core';
import type { Dim, GraphBuilder, Value } from '#ml/graph';

/** [B, T, H·D] → [B, T, H, D] */
export function splitHeads(g: GraphBuilder, x: Value, headDim: Dim | undefined): Value {
  const [batch, length, width] = x.shape;
  assert(typeof width === 'number' && typeof headDim === 'number', `widths of ${x.name} and its heads are numbers`);
  return g.reshape(x, [present(batch, 'B'), present(length, 'T'), width / headDim, headDim]);
}
