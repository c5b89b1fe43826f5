/**
 * @file A linear layer whose low-rank update stays beside the weight (Hu et al. 2021, arXiv 2106.09685, eq. 3).
 *
 *   y = x·Wᵀ + s·(x·Aᵀ)·Bᵀ
 *
 * For weights that many adapters share, or that lie where they cannot be changed: two thin products more, and no copy
 * of the base.
 */
import type { GraphBuilder, Value } from '#ml/graph';
import type { Lora } from './linear.js';

/*
 *   x ──┬── FusedMatMul(W, transB) ───────────────────── + ── y
 *       └── FusedMatMul(A, transB) ── FusedMatMul(B, s) ──┘
 *
 *   u = d·B     ∂L/∂x = d·W + s·u·A     ∂L/∂A = s·uᵀ·x     ∂L/∂B = s·dᵀ·(x·Aᵀ)     ∂L/∂W = dᵀ·x
 */
export function linearWithUnmergedLora(g: GraphBuilder, x: Value, weight: Value, { a, b, scale }: Lora): Value {
  let down: Value = x;
  const [y] = g.composite({
    name: 'linear',
    inputs: [x, weight, a, b],
    forward: (inner) => {
      const update = inner.scope('lora');
      down = update.scope('a').matmul(x, a, { transB: true }); // […, R]
      return [
        inner.add(inner.matmul(x, weight, { transB: true }), update.matmul(down, b, { transB: true, alpha: scale })),
      ];
    },
    backward: (grad, [d], [wantsX, wantsWeight, wantsA, wantsB]) => {
      if (!d) return [];
      const up = grad.scope('up').matmul(d, b); // […, R]
      const rows = grad.scope('rows').flattenRows(x); // [N, in]
      const gradients = grad.scope('gradients').flattenRows(d); // [N, out]
      const product = { transA: true, alpha: scale };
      return [
        wantsX ? ofX(grad.scope('x'), d, up) : null,
        wantsWeight ? grad.scope('weight').matmul(gradients, rows, { transA: true }) : null,
        wantsA ? grad.scope('a').matmul(grad.scope('a/up').flattenRows(up), rows, product) : null,
        wantsB ? grad.scope('b').matmul(gradients, grad.scope('b/down').flattenRows(down), product) : null,
      ];
    },
  }) as readonly [Value];
  return y;

  function ofX(grad: GraphBuilder, d: Value, up: Value): Value {
    return grad.add(grad.matmul(d, weight), grad.scope('lora').matmul(up, a, { alpha: scale }));
  }
}
