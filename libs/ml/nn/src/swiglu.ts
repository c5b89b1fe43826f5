/**
 * @file Gated feed-forward layer (arXiv 2002.05202, Eq. 6, with SiLU as the gate).
 *
 *   y = (SiLU(x·W_gateᵀ) ⊙ x·W_upᵀ)·W_downᵀ,   SiLU(z) = z σ(z)
 */
import { assert, present } from '#core';
import * as autodiff from '#ml/autodiff';
import type { GraphBuilder, Value } from '#ml/graph';
import { linear, type LinearWeights } from './linear.js';

export interface GatedMlpWeights {
  /** [F, C] */
  readonly gate: LinearWeights;
  /** [F, C] */
  readonly up: LinearWeights;
  /** [C, F] */
  readonly down: LinearWeights;
}

/** [B, T, C] → [B, T, C] */
export function swiglu(g: GraphBuilder, x: Value, { gate, up, down }: GatedMlpWeights): Value {
  const gated = linear(g.scope('gate_proj'), x, gate); // [B, T, F]
  const hidden = autodiff.swiglu(g, gated, linear(g.scope('up_proj'), x, up)); // [B, T, F]
  return linear(g.scope('down_proj'), hidden, down);
}

export interface FusedMlpWeights {
  /** [2·F, C]: gate above up. */
  readonly gateUp: LinearWeights;
  /** [C, F] */
  readonly down: LinearWeights;
}

/** The same with gate and up in one matrix. */
export function fusedSwiglu(g: GraphBuilder, x: Value, { gateUp, down }: FusedMlpWeights): Value {
  const both = linear(g.scope('gate_up_proj'), x, gateUp); // [B, T, 2*F]
  const width = both.shape.at(-1);
  assert(typeof width === 'number', `width of ${both.name} is a number`);
  const [gate, up] = g.split(both, [width / 2, width / 2], -1); // [B, T, F] each
  const hidden = autodiff.swiglu(g, present(gate, 'gate'), present(up, 'up')); // [B, T, F]
  return linear(g.scope('down_proj'), hidden, down);
}
