/**
 * @file Gated feed-forward layer (arXiv 2002.05202, Eq. 6, with SiLU as the gate).
 *
 *   y = (SiLU(x·W_gateᵀ) ⊙ x·W_upᵀ)·W_downᵀ,   SiLU(z) = z σ(z)
 */
import * as autodiff from '#ml/autodiff';
import type { GraphBuilder, Value } from '#ml/graph';
import { linear, type LinearWeights } from './linear.js';

export interface SwigluWeights {
  /** [F, C] */
  readonly gate: LinearWeights;
  /** [F, C] */
  readonly up: LinearWeights;
  /** [C, F] */
  readonly down: LinearWeights;
}

/** [B, T, C] → [B, T, C] */
export function swiglu(g: GraphBuilder, x: Value, { gate, up, down }: SwigluWeights): Value {
  const gated = linear(g.scope('gate_proj'), x, gate); // [B, T, F]
  const hidden = autodiff.swiglu(g, gated, linear(g.scope('up_proj'), x, up)); // [B, T, F]
  return linear(g.scope('down_proj'), hidden, down);
}
