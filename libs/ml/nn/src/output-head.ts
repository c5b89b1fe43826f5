/**
 * @file From hidden states to scores of every token.
 *
 *   z = h·Eᵀ
 *
 * Log-probabilities of given tokens are `tokenLogProbs` of #ml/autodiff, which never hands [M, V] out.
 */
import type { GraphBuilder, Value } from '#ml/graph';

/** hidden [M, C], table [V, C] → [M, V] */
export function outputLogits(g: GraphBuilder, hidden: Value, table: Value): Value<'M V'> {
  return g.matmul(hidden, table, { transB: true }) as Value<'M V'>;
}
