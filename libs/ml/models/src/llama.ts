/**
 * @file Llama (arXiv 2302.13971, 2407.21783): pre-norm decoder with rotary positions, grouped key/value heads and a gated
 * feed-forward layer; no biases. Source of truth: transformers' `modeling_llama.py`.
 */
import { present } from '#core';
import type { ModelConfig } from '#ml/checkpoint';
import type { GraphBuilder, Value } from '#ml/graph';
import {
  attention,
  cachedAttention,
  embedding,
  linear,
  rmsNorm,
  rope,
  swiglu,
  type KeyValue,
  type LinearWeights,
  type QueryKeyValue,
  type RopeTables,
} from '#ml/nn';
import type {
  DecoderModel,
  ModelWeights,
  PrefillInputs,
  PrefillOutputs,
  StepInputs,
  StepOutputs,
} from './decoder-model.js';

export const llama: DecoderModel = { prefill, step, headName };

const EMBEDDING = 'model.embed_tokens.weight'; // [V, C]
const FINAL_NORM = 'model.norm.weight'; // [C]
const HEAD = 'lm_head.weight'; // [V, C]

function headName(config: ModelConfig): string {
  return config.tiedEmbeddings ? EMBEDDING : HEAD;
}

/** Whole sequences. */
function prefill(g: GraphBuilder, config: ModelConfig, weights: ModelWeights, inputs: PrefillInputs): PrefillOutputs {
  const keyValues: KeyValue[] = [];
  let x: Value = embedding(g.scope('model/embed_tokens'), weights.tensor(EMBEDDING), inputs.ids); // [B, T, C]
  for (let index = 0; index < config.layerCount; index++) {
    x = layer(g.scope(`model/layers.${index}`), x, {
      config,
      weights: layerWeights(weights, index),
      positions: inputs.positions,
      rope: inputs.rope,
      attend: (inner, queryKeyValue) => {
        const { output, keyValue } = attention(inner, queryKeyValue, inputs.mask, config);
        keyValues.push(keyValue);
        return output;
      },
    });
  }
  const hidden = rmsNorm(g.scope('model/norm'), x, weights.tensor(FINAL_NORM), config.rmsNormEpsilon);
  return { hidden: hidden as Value<'B T C'>, keyValues };
}

/** One new token per sample. */
function step(g: GraphBuilder, config: ModelConfig, weights: ModelWeights, inputs: StepInputs): StepOutputs {
  const newKeyValues: { k: Value; v: Value }[] = [];
  let x: Value = embedding(g.scope('model/embed_tokens'), weights.tensor(EMBEDDING), inputs.ids); // [N*R, 1, C]
  for (let index = 0; index < config.layerCount; index++) {
    const cache = present(inputs.caches[index], `cache of layer ${index}`);
    x = layer(g.scope(`model/layers.${index}`), x, {
      config,
      weights: layerWeights(weights, index),
      positions: inputs.positions,
      rope: inputs.rope,
      attend: (inner, queryKeyValue) => {
        const { output, newK, newV } = cachedAttention(inner, queryKeyValue, cache, config);
        newKeyValues.push({ k: newK, v: newV });
        return output;
      },
    });
  }
  const hidden = rmsNorm(g.scope('model/norm'), x, weights.tensor(FINAL_NORM), config.rmsNormEpsilon);
  return { hidden, newKeyValues };
}

interface LayerContext {
  readonly config: ModelConfig;
  readonly weights: LayerWeights;
  readonly positions: Value;
  readonly rope: RopeTables;
  readonly attend: (g: GraphBuilder, queryKeyValue: QueryKeyValue) => Value;
}

/**
 *   x ← x + W_o·attention(rope(W_q·n), rope(W_k·n), W_v·n),   n = norm(x)
 *   x ← x + swiglu(norm(x))
 */
function layer(g: GraphBuilder, x: Value, { config, weights, positions, rope: tables, attend }: LayerContext): Value {
  const { rmsNormEpsilon } = config;
  const normed = rmsNorm(g.scope('input_layernorm'), x, weights.inputNorm, rmsNormEpsilon); // [B, T, C]
  const self = g.scope('self_attn');
  const q = linear(self.scope('q_proj'), normed, weights.q); // [B, T, H*D]
  const k = linear(self.scope('k_proj'), normed, weights.k); // [B, T, K*D]
  const v = linear(self.scope('v_proj'), normed, weights.v); // [B, T, K*D]
  const context = attend(self, {
    q: rope(self.scope('rope_q'), q, positions, tables),
    k: rope(self.scope('rope_k'), k, positions, tables),
    v,
  }); // [B, T, H*D]
  const afterAttention = g.add(x, linear(self.scope('o_proj'), context, weights.o)); // [B, T, C]
  const normedAgain = rmsNorm(g.scope('post_attention_layernorm'), afterAttention, weights.mlpNorm, rmsNormEpsilon);
  return g.add(afterAttention, swiglu(g.scope('mlp'), normedAgain, weights.mlp)); // [B, T, C]
}

interface LayerWeights {
  readonly inputNorm: Value; // [C]
  readonly q: LinearWeights; // [H*D, C]
  readonly k: LinearWeights; // [K*D, C]
  readonly v: LinearWeights; // [K*D, C]
  readonly o: LinearWeights; // [C, H*D]
  readonly mlpNorm: Value; // [C]
  readonly mlp: { readonly gate: LinearWeights; readonly up: LinearWeights; readonly down: LinearWeights };
}

/** Weights of a layer under their Hugging Face names. */
function layerWeights(weights: ModelWeights, index: number): LayerWeights {
  const path = `model.layers.${index}`;
  const matrix = (module: string): LinearWeights => {
    const name = `${path}.${module}.weight`;
    return { weight: weights.tensor(name), lora: weights.lora(name) };
  };
  return {
    inputNorm: weights.tensor(`${path}.input_layernorm.weight`),
    q: matrix('self_attn.q_proj'),
    k: matrix('self_attn.k_proj'),
    v: matrix('self_attn.v_proj'),
    o: matrix('self_attn.o_proj'),
    mlpNorm: weights.tensor(`${path}.post_attention_layernorm.weight`),
    mlp: { gate: matrix('mlp.gate_proj'), up: matrix('mlp.up_proj'), down: matrix('mlp.down_proj') },
  };
}
