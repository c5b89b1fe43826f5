/**
 * @file OLMo 2 (arXiv 2501.00656): norms behind attention and feed-forward instead of before them, and one over the whole
 * projection of queries and of keys, before rotation. Source of truth: transformers' `modeling_olmo2.py`.
 */
import type { ModelConfig } from '#ml/checkpoint';
import type { GraphBuilder, Value } from '#ml/graph';
import { embedding, linear, rmsNorm, rope, swiglu } from '#ml/nn';
import { EMBEDDING, FINAL_NORM, LayerWeights, type Family, type LayerInputs } from './family.js';

export const olmo2: Family = {
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
 *   x ← x + norm(W_o·attention(rope(norm(W_q·x)), rope(norm(W_k·x)), W_v·x))
 *   x ← x + norm(swiglu(x))
 */
function layer(g: GraphBuilder, x: Value, { config, weights, positions, rope: tables, attend }: LayerContext): Value {
  const norm = (scope: GraphBuilder, module: string, value: Value) =>
    rmsNorm(scope, value, weights.norm(module), config.rmsNormEpsilon);
  const self = g.scope('self_attn');
  const q = linear(self.scope('q_proj'), x, weights.linear('self_attn.q_proj')); // [B, T, H*D]
  const k = linear(self.scope('k_proj'), x, weights.linear('self_attn.k_proj')); // [B, T, K*D]
  const v = linear(self.scope('v_proj'), x, weights.linear('self_attn.v_proj')); // [B, T, K*D]
  const context = attend(self, {
    q: rope(self.scope('rope_q'), norm(self.scope('q_norm'), 'self_attn.q_norm', q), positions, tables),
    k: rope(self.scope('rope_k'), norm(self.scope('k_norm'), 'self_attn.k_norm', k), positions, tables),
    v,
  }); // [B, T, H*D]
  const output = linear(self.scope('o_proj'), context, weights.linear('self_attn.o_proj')); // [B, T, C]
  const attended = g.add(x, norm(g.scope('post_attention_layernorm'), 'post_attention_layernorm', output));
  const mlp = swiglu(g.scope('mlp'), attended, weights.gatedMlp()); // [B, T, C]
  return g.add(attended, norm(g.scope('post_feedforward_layernorm'), 'post_feedforward_layernorm', mlp));
}
