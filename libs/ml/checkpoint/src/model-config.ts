/**
 * @file The one form in which the rest of the engine sees config.json.
 *
 * Reading refuses by name whatever would change the computation and is not implemented: a model that loads, runs and is
 * slightly wrong is worse than one that does not load.
 */
import type { RopeConfig } from './rope.js';

export const ARCHITECTURES = ['LlamaForCausalLM', 'Qwen2ForCausalLM'] as const;

export type Architecture = (typeof ARCHITECTURES)[number];

export interface ModelConfig {
  readonly architecture: Architecture;
  /** V: rows of the embedding; may exceed the tokenizer's vocabulary. */
  readonly vocabularySize: number;
  /** C. */
  readonly hiddenSize: number;
  readonly layerCount: number;
  /** H: query heads. */
  readonly headCount: number;
  /** K: key/value heads; divides `headCount`. */
  readonly kvHeadCount: number;
  /** D: width of a head, even; H·D need not be C. */
  readonly headDim: number;
  /** F. */
  readonly feedForwardSize: number;
  readonly rmsNormEpsilon: number;
  /** Longest sequence the model was made for. */
  readonly contextTokensMax: number;
  /** True when the output head is the embedding. */
  readonly tiedEmbeddings: boolean;
  /** True when q, k and v have biases (Qwen 2). */
  readonly qkvBias: boolean;
  readonly rope: RopeConfig;
  readonly bosTokenId: number | null;
  /** Any of these ends a generation; from generation_config.json where it says so. At least one. */
  readonly eosTokenIds: readonly number[];
  readonly padTokenId: number | null;
}

/** Name and shape of every tensor that the model's weights must hold, in the model's own order. */
export function modelTensors(config: ModelConfig): { readonly name: string; readonly dims: readonly number[] }[] {
  const { hiddenSize: c, feedForwardSize: f, vocabularySize: v } = config;
  const q = config.headCount * config.headDim;
  const kv = config.kvHeadCount * config.headDim;
  const tensors: { name: string; dims: number[] }[] = [{ name: 'model.embed_tokens.weight', dims: [v, c] }];
  for (let layer = 0; layer < config.layerCount; layer++) {
    const add = (name: string, ...dims: number[]) => tensors.push({ name: `model.layers.${layer}.${name}`, dims });
    add('input_layernorm.weight', c);
    for (const [name, rows] of [['q', q] as const, ['k', kv] as const, ['v', kv] as const]) {
      add(`self_attn.${name}_proj.weight`, rows, c);
      if (config.qkvBias) add(`self_attn.${name}_proj.bias`, rows);
    }
    add('self_attn.o_proj.weight', c, q);
    add('post_attention_layernorm.weight', c);
    add('mlp.gate_proj.weight', f, c);
    add('mlp.up_proj.weight', f, c);
    add('mlp.down_proj.weight', c, f);
  }
  tensors.push({ name: 'model.norm.weight', dims: [c] });
  if (!config.tiedEmbeddings) tensors.push({ name: 'lm_head.weight', dims: [v, c] });
  return tensors;
}
