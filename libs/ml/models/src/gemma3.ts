/**
 * @file Gemma 3 (arXiv 2503.19786), text: embeddings scaled by √C, norms with gain 1 + w before and behind attention and
 * feed-forward, a norm on every query and key head, GELU as the gate; most layers slide and have a rotary base of their
 * own. Source of truth: transformers' `modeling_gemma3.py`.
 */
import type { ModelConfig } from '#ml/checkpoint';
import type { GraphBuilder, Value } from '#ml/graph';
import { embedding, geglu, headNorm, linear, offsetGain, rmsNorm, rope } from '#ml/nn';
import { EMBEDDING, FINAL_NORM, LayerWeights, type Family, type LayerInputs } from './family.js';

export const gemma3: Family = {
  forward(g, config, weights, { ids, positions, layers }) {
    const tokens = g.scope('model/embed_tokens');
    let x: Value = tokens.mul(embedding(tokens, weights.tensor(EMBEDDING), ids), Math.sqrt(config.hiddenSize)); // [B, T, C]
    for (const [index, inputs] of layers.entries()) {
      const own = { ...inputs, config, positions, weights: new LayerWeights(weights, index) };
      x = layer(g.scope(`model/layers.${index}`), x, own);
    }
    const norm = g.scope('model/norm');
    return rmsNorm(norm, x, offsetGain(norm, weights.tensor(FINAL_NORM)), config.rmsNormEpsilon);
  },
};

interface LayerContext extends LayerInputs {
  readonly config: ModelConfig;
  readonly positions: Value;
  readonly weights: LayerWeights;
}

/**
 *   x ← x + norm(W_o·attention(rope(norm(W_q·n)), rope(norm(W_k·n)), W_v·n)),   n = norm(x)
 *   x ← x + norm(geglu(norm(x)))
 */
function layer(g: GraphBuilder, x: Value, { config, weights, positions, rope: tables, attend }: LayerContext): Value {
  const { rmsNormEpsilon } = config;
  const norm = (name: string, value: Value) => {
    const scope = g.scope(name);
    return rmsNorm(scope, value, offsetGain(scope, weights.norm(name)), rmsNormEpsilon);
  };
  const normed = norm('input_layernorm', x); // [B, T, C]
  const self = g.scope('self_attn');
  const q = linear(self.scope('q_proj'), normed, weights.linear('self_attn.q_proj')); // [B, T, H*D]
  const k = linear(self.scope('k_proj'), normed, weights.linear('self_attn.k_proj')); // [B, T, K*D]
  const v = linear(self.scope('v_proj'), normed, weights.linear('self_attn.v_proj')); // [B, T, K*D]
  const perHead = (name: string, heads: Value) => {
    const scope = self.scope(name);
    return headNorm(scope, heads, offsetGain(scope, weights.norm(`self_attn.${name}`)), rmsNormEpsilon);
  };
  const context = attend(self, {
    q: rope(self.scope('rope_q'), perHead('q_norm', q), positions, tables),
    k: rope(self.scope('rope_k'), perHead('k_norm', k), positions, tables),
    v,
  }); // [B, T, H*D]
  const output = linear(self.scope('o_proj'), context, weights.linear('self_attn.o_proj')); // [B, T, C]
  const attended = g.add(x, norm('post_attention_layernorm', output));
  const mlp = geglu(g.scope('mlp'), norm('pre_feedforward_layernorm', attended), weights.gatedMlp()); // [B, T, C]
  return g.add(attended, norm('post_feedforward_layernorm', mlp));
}
