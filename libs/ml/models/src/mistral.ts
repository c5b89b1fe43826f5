/**
 * @file Mistral (arXiv 2310.06825): as Llama, with a window instead of everything before in every layer, where the
 * config has one. The window is in the mask, so nothing here shows it. Source of truth: transformers'
 * `modeling_mistral.py`.
 */
import type { ModelConfig } from '#ml/checkpoint';
import type { GraphBuilder, Value } from '#ml/graph';
import { embedding, linear, rmsNorm, rope, swiglu } from '#ml/nn';
import { EMBEDDING, FINAL_NORM, LayerWeights, type Family, type LayerInputs } from './family.js';

export const mistral: Family = {
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
 *   x ← x + W_o·attention(rope(W_q·n), rope(W_k·n), W_v·n),   n = norm(x)
 *   x ← x + swiglu(norm(x))
 */
function layer(g: GraphBuilder, x: Value, { config, weights, positions, rope: tables, attend }: LayerContext): Value {
  const { rmsNormEpsilon } = config;
  const normed = rmsNorm(g.scope('input_layernorm'), x, weights.norm('input_layernorm'), rmsNormEpsilon); // [B, T, C]
  const self = g.scope('self_attn');
  const q = linear(self.scope('q_proj'), normed, weights.linear('self_attn.q_proj')); // [B, T, H*D]
  const k = linear(self.scope('k_proj'), normed, weights.linear('self_attn.k_proj')); // [B, T, K*D]
  const v = linear(self.scope('v_proj'), normed, weights.linear('self_attn.v_proj')); // [B, T, K*D]
  const context = attend(self, {
    q: rope(self.scope('rope_q'), q, positions, tables),
    k: rope(self.scope('rope_k'), k, positions, tables),
    v,
  }); // [B, T, H*D]
  const attended = g.add(x, linear(self.scope('o_proj'), context, weights.linear('self_attn.o_proj'))); // [B, T, C]
  const mlpNorm = weights.norm('post_attention_layernorm');
  const normedAgain = rmsNorm(g.scope('post_attention_layernorm'), attended, mlpNorm, rmsNormEpsilon); // [B, T, C]
  return g.add(attended, swiglu(g.scope('mlp'), normedAgain, weights.gatedMlp())); // [B, T, C]
}
