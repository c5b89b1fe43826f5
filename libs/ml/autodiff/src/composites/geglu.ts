/**
 * @file GEGLU with GELU's tanh form (arXiv 2002.05202, eq. 6; 1606.08415, section 2): GELU(gate)∘up.
 *
 *   GELU(x) = x/2·(1 + tanh(u)) = x·σ(2u),   u = √(2/π)·(x + 0.044715·x³)
 */
import type { GraphBuilder, Value } from '#ml/graph';

/** 2u = x·(LINEAR + CUBIC·x²) */
const LINEAR = 2 * Math.sqrt(2 / Math.PI);
const CUBIC = LINEAR * 0.044715;

/*
 *   gate ── h ── Mul ── y
 *   up ──────────┘
 *
 *   h = gate·s with s = σ(2u);  ∂h/∂gate = s + h(1 − s)·(LINEAR + 3·CUBIC·gate²)
 *   ∂L/∂gate = d∘up∘∂h/∂gate     ∂L/∂up = d∘h
 */
export function geglu(g: GraphBuilder, gate: Value, up: Value): Value {
  const saved = { square: gate, s: gate, h: gate };
  const [y] = g.composite({
    name: 'geglu',
    inputs: [gate, up],
    forward: (inner) => {
      saved.square = inner.mul(gate, gate);
      saved.s = inner.sigmoid(inner.mul(gate, inner.add(inner.mul(saved.square, CUBIC), LINEAR)));
      saved.h = inner.mul(gate, saved.s);
      return [inner.mul(saved.h, up)];
    },
    backward: (grad, [d], [wantsGate, wantsUp]) => {
      if (!d) return [];
      const { h } = saved;
      return [wantsGate ? gradientOfGate(grad.scope('gate'), d) : null, wantsUp ? grad.scope('up').mul(d, h) : null];
    },
  }) as readonly [Value];
  return y;

  function gradientOfGate(grad: GraphBuilder, d: Value): Value {
    const { square, s, h } = saved;
    const ofExponent = grad.add(grad.mul(square, 3 * CUBIC), LINEAR);
    const slope = grad.add(s, grad.mul(grad.mul(h, grad.sub(1, s)), ofExponent));
    return grad.mul(grad.mul(d, up), slope);
  }
}
