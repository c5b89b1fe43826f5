/**
 * @file Token embedding: row `id` of the table.
 *
 *   x[b, t] = E[ids[b, t]]
 */
import type { GraphBuilder, Value } from '#ml/graph';

/**
 * @param table [V, C]
 * @param ids [B, T], each in [0, V)
 */
export function embedding(g: GraphBuilder, table: Value, ids: Value): Value<'B T C'> {
  return g.gather(table, ids) as Value<'B T C'>; // [B, T, C]
}
