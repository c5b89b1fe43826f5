/** @file SwiGLU (Shazeer 2020, arXiv 2002.05202, eq. 6 without its matrices): SiLU(gate)∘up. */
import type { GraphBuilder, Value } from '#ml/graph';

/** SiLU(x) = x·σ(1·x) is QuickGelu with this factor. */
const SILU = 1;

/*
 *   gate ── QuickGelu ── h ── Mul ── y
 *   up ───────────────────────┘
 *
 *   h = gate·s with s = σ(gate);  ∂h/∂gate = s(1 + gate − h)
 *   ∂L/∂gate = d∘up∘s∘(1 + gate − h)     ∂L/∂up = d∘h
 */
export function swiglu(g: GraphBuilder, gate: Value, up: Value): Value {
  let h: Value = gate;
  const [y] = g.composite({
    name: 'swiglu',
    inputs: [gate, up],
    forward: (inner) => {
      h = inner.quickGelu(gate, SILU);
      return [inner.mul(h, up)];
    },
    backward: (grad, [d], [wantsGate, wantsUp]) => {
      if (!d) return [];
      return [wantsGate ? gradientOfGate(grad.scope('gate'), d) : null, wantsUp ? grad.scope('up').mul(d, h) : null];
    },
  }) as readonly [Value];
  return y;

  function gradientOfGate(grad: GraphBuilder, d: Value): Value {
    const slope = grad.mul(grad.sigmoid(gate), grad.add(grad.sub(gate, h), 1));
    return grad.mul(grad.mul(d, up), slope);
  }
}
