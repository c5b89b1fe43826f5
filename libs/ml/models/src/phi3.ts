/**
 * @file Phi-3 and Phi-4-mini (arXiv 2404.14219, 2503.01743): as Llama, with one matrix for queries, keys and values and
 * one for gate and up; only the first part of a head may be rotated, and every layer slides where the config has a
 * window. Source of truth: transformers' `modeling_phi3.py`.
 */
import { present } from '#core';
import type { ModelConfig } from '#ml/checkpoint';
import type { GraphBuilder, Value } from '#ml/graph';
import { embedding, fusedSwiglu, linear, partialRope, rmsNorm } from '#ml/nn';
import { EMBEDDING, FINAL_NORM, LayerWeights, type Family, type LayerInputs } from './family.js';

export const phi3: Family = {
  forward(g, config, weights, { ids, positions, layers }) {
    let x: Value = embedding(g.scope('model/embed_tokens'), weights.tensor(EMBEDDING), ids); // [B, T, C]
    for (const [index, inputs] of layers.entries()) {
      const own = { ...inputs, config, positions, weights: new LayerWeights(weights, index) };
      x = layer(g.scope(`model/layers.${index}`), x, own);
    }
    return rmsNorm(g.scope('model/norm'), x, weights.tensor(FINAL_NORM), config.rmsNormEpsilon);
  },
};

interface LayerContext extends LayerInputs {
  readonly config: ModelConfig;
  readonly positions: Value;
  readonly weights: LayerWeights;
}

/**
 *   q, k, v = parts of W_qkv·norm(x)
 *   x ← x + W_o·attention(rope(q), rope(k), v)
 *   x ← x + swiglu(norm(x))
 */
function layer(g: GraphBuilder, x: Value, { config, weights, positions, rope: tables, attend }: LayerContext): Value {
  const { rmsNormEpsilon, headCount, kvHeadCount, headDim } = config;
  const normed = rmsNorm(g.scope('input_layernorm'), x, weights.norm('input_layernorm'), rmsNormEpsilon); // [B, T, C]
  const self = g.scope('self_attn');
  const fused = linear(self.scope('qkv_proj'), normed, weights.linear('self_attn.qkv_proj')); // [B, T, (H+2K)*D]
  const [queryWidth, keyWidth] = [headCount * headDim, kvHeadCount * headDim];
  const parts = self.split(fused, [queryWidth, keyWidth, keyWidth], -1);
  const [q, k, v] = ['q', 'k', 'v'].map((name, index) => present(parts[index], name)) as [Value, Value, Value];
  const context = attend(self, {
    q: partialRope(self.scope('rope_q'), q, positions, { tables, headDim, rotaryDim: config.rotaryDim }),
    k: partialRope(self.scope('rope_k'), k, positions, { tables, headDim, rotaryDim: config.rotaryDim }),
    v,
  }); // [B, T, H*D]
  const attended = g.add(x, linear(self.scope('o_proj'), context, weights.linear('self_attn.o_proj'))); // [B, T, C]
  const mlpNorm = weights.norm('post_attention_layernorm');
  const normedAgain = rmsNorm(g.scope('post_attention_layernorm'), attended, mlpNorm, rmsNormEpsilon); // [B, T, C]
  const mlp = { gateUp: weights.linear('mlp.gate_up_proj'), down: weights.linear('mlp.down_proj') };
  return g.add(attended, fusedSwiglu(g.scope('mlp'), normedAgain, mlp)); // [B, T, C]
}
