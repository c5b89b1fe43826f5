/**
 * @file A linear layer with Hugging Face's weight layout [out, in], optionally with a bias and a LoRA adapter
 * (Hu et al. 2021, arXiv 2106.09685, eq. 3).
 *
 *   y = x·Wᵀ + b          W_eff = W + s·B·A with A [R, in], B [out, R] as PEFT stores them
 *
 * A layer with an adapter is given the merged weight W_eff, so that its forward pass costs what the base's costs.
 */
import { type GraphBuilder, type Value } from '#ml/graph';
import { linearWithUnmergedLora } from './unmerged-lora.js';

export interface Lora {
  readonly a: Value<'R in'>;
  readonly b: Value<'out R'>;
  /** s: alpha / rank, or alpha / √rank for rank-stabilised adapters. */
  readonly scale: number;
  /** The weight is the base's: the update is computed beside it. @default false: the weight has the update in it */
  readonly unmerged?: boolean;
}

export interface LinearOptions {
  readonly bias?: Value<'out'> | undefined;
  /** Given so that a and b get gradients; unless it is unmerged, their product is already in `weight`. */
  readonly lora?: Lora | undefined;
}

/**
 * @param x […, in]
 * @param weight [out, in], merged with the adapter where there is one
 * @returns […, out]
 */
export function linear(g: GraphBuilder, x: Value, weight: Value<'out in'>, { bias, lora }: LinearOptions = {}): Value {
  const product = productOf(g, x, weight, lora);
  return bias === undefined ? product : g.add(product, bias);
}

function productOf(g: GraphBuilder, x: Value, weight: Value, lora: Lora | undefined): Value {
  if (lora === undefined) return g.matmul(x, weight, { transB: true });
  return lora.unmerged === true ? linearWithUnmergedLora(g, x, weight, lora) : linearWithLora(g, x, weight, lora);
}

/*
 *   x ──┬── FusedMatMul(transB) ── y        d ──┬── MatMul(W) ───────────── dx
 *   W ──┘                                       ├── MatMul(B) ── ᵀ·x, s ─── dA
 *   A, B (backward only)                        └── ᵀ·(x·Aᵀ), s ─────────── dB
 *
 *   ∂L/∂x = d·W_eff     ∂L/∂A = s·(d·B)ᵀ·x     ∂L/∂B = s·dᵀ·(x·Aᵀ)     ∂L/∂W = dᵀ·x
 */
function linearWithLora(g: GraphBuilder, x: Value, weight: Value, { a, b, scale }: Lora): Value {
  const [y] = g.composite({
    name: 'linear',
    inputs: [x, weight, a, b],
    forward: (inner) => [inner.matmul(x, weight, { transB: true })],
    backward: (grad, [d], [wantsX, wantsWeight, wantsA, wantsB]) => {
      if (!d) return [];
      const rows = grad.scope('rows').flattenRows(x); // [N, in]
      const gradients = grad.scope('gradients').flattenRows(d); // [N, out]
      return [
        wantsX ? grad.scope('x').matmul(d, weight) : null,
        wantsWeight ? grad.scope('weight').matmul(gradients, rows, { transA: true }) : null,
        wantsA ? gradientOfA(grad.scope('a'), gradients, rows) : null,
        wantsB ? gradientOfB(grad.scope('b'), gradients, rows) : null,
      ];
    },
  }) as readonly [Value];
  return y;

  function gradientOfA(grad: GraphBuilder, gradients: Value, rows: Value): Value {
    return grad.matmul(grad.matmul(gradients, b), rows, { transA: true, alpha: scale });
  }

  function gradientOfB(grad: GraphBuilder, gradients: Value, rows: Value): Value {
    return grad.matmul(gradients, grad.matmul(rows, a, { transB: true }), { transA: true, alpha: scale });
  }
}
