/**
 * @file Gated feed-forward layer with GELU as the gate (arXiv 2002.05202, Eq. 6).
 *
 *   y = (GELU(x·W_gateᵀ) ⊙ x·W_upᵀ)·W_downᵀ,   GELU in its tanh form
 */
import * as autodiff from '#ml/autodiff';
import type { GraphBuilder, Value } from '#ml/graph';
import { linear } from './linear.js';
import type { GatedMlpWeights } from './swiglu.js';

/** [B, T, C] → [B, T, C] */
export function geglu(g: GraphBuilder, x: Value, { gate, up, down }: GatedMlpWeights): Value {
  const gated = linear(g.scope('gate_proj'), x, gate); // [B, T, F]
  const hidden = autodiff.geglu(g, gated, linear(g.scope('up_proj'), x, up)); // [B, T, F]
  return linear(g.scope('down_proj'), hidden, down);
}
