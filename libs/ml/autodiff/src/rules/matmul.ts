/** @file The gradient of matrix products. Weights are never transposed in memory: the flags of FusedMatMul do it. */
import type { GraphBuilder, Value } from '#ml/graph';
import { GradientUnsupportedError } from '../autodiff.errors.js';
import { binary, type BinaryNode } from '../rule.js';

/**
 * y = α·op(a)·op(b), op transposing the last two axes where its flag is set:
 *
 *   ∂L/∂op(a) = α·d·op(b)ᵀ        ∂L/∂op(b) = α·op(a)ᵀ·d
 *
 * and the transpose of that for an operand whose flag is set. Batch axes that were broadcast are summed.
 */
export const matmulRule = binary(
  (g, d, node) => {
    const { transA, transB, alpha } = flagsOf(node);
    const { a, b } = node;
    const gradient = transA
      ? g.matmul(b, d, { transA: transB, transB: true, alpha })
      : g.matmul(d, b, { transB: !transB, alpha });
    return g.sumTo(gradient, a.shape);
  },
  (g, d, node) => {
    const { transA, transB, alpha } = flagsOf(node);
    const { a, b } = node;
    if (b.shape.length === 2 && a.shape.length > 2 && !transA) return weightGradient(g, d, node);
    const gradient = transB
      ? g.matmul(d, a, { transA: true, transB: transA, alpha })
      : g.matmul(a, d, { transA: !transA, alpha });
    return g.sumTo(gradient, b.shape);
  },
);

/** One weight for all batches: the batch axes become rows, so that one product sums over them. */
function weightGradient(g: GraphBuilder, d: Value, node: BinaryNode): Value {
  const { transB, alpha } = flagsOf(node);
  const rows = g.scope('rows').flattenRows(node.a);
  const gradients = g.scope('gradients').flattenRows(d);
  return transB
    ? g.matmul(gradients, rows, { transA: true, alpha })
    : g.matmul(rows, gradients, { transA: true, alpha });
}

function flagsOf({ node }: BinaryNode): { readonly transA: boolean; readonly transB: boolean; readonly alpha: number } {
  const { transA = 0, transB = 0, transBatchA = 0, transBatchB = 0, alpha = 1 } = node.attributes;
  if (transBatchA !== 0 || transBatchB !== 0) {
    throw new GradientUnsupportedError(node.name, 'products of time-major batches are for decoding only');
  }
  return { transA: transA === 1, transB: transB === 1, alpha: Number(alpha) };
}
