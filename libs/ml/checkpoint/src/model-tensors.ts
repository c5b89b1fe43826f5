/** @file Names and shapes of a model's tensors, as transformers saves them: the whole of each family in one place. */
import type { Architecture, ModelConfig } from './model-config.js';

export interface TensorShape {
  readonly name: string;
  readonly dims: readonly number[];
}

/** Name and shape of every tensor that the model's weights must hold, in the model's own order. */
export function modelTensors(config: ModelConfig): TensorShape[] {
  const { hiddenSize: c, vocabularySize: v } = config;
  const ofLayer = LAYERS[config.architecture](config, sizesOf(config));
  const tensors: TensorShape[] = [{ name: 'model.embed_tokens.weight', dims: [v, c] }];
  for (let layer = 0; layer < config.layerCount; layer++) {
    for (const [name, ...dims] of ofLayer) tensors.push({ name: `model.layers.${layer}.${name}`, dims });
  }
  tensors.push({ name: 'model.norm.weight', dims: [c] });
  if (!config.tiedEmbeddings) tensors.push({ name: 'lm_head.weight', dims: [v, c] });
  return tensors;
}

type LayerTensor = readonly [name: string, ...dims: number[]];

/** C, F, D, and the widths of all query heads and all key heads. */
function sizesOf({ hiddenSize, feedForwardSize, headDim, headCount, kvHeadCount }: ModelConfig) {
  return { c: hiddenSize, f: feedForwardSize, d: headDim, q: headCount * headDim, kv: kvHeadCount * headDim };
}

type Sizes = ReturnType<typeof sizesOf>;

const gatedMlp = ({ c, f }: Sizes): LayerTensor[] => [
  ['mlp.gate_proj.weight', f, c],
  ['mlp.up_proj.weight', f, c],
  ['mlp.down_proj.weight', c, f],
];

const projections = ({ qkvBias }: ModelConfig, { c, q, kv }: Sizes): LayerTensor[] => [
  ...[['q', q] as const, ['k', kv] as const, ['v', kv] as const].flatMap(([name, rows]): LayerTensor[] => [
    [`self_attn.${name}_proj.weight`, rows, c],
    ...(qkvBias ? [[`self_attn.${name}_proj.bias`, rows] as const] : []),
  ]),
  ['self_attn.o_proj.weight', c, q],
];

const queryKeyNorms = (q: number, k: number): LayerTensor[] => [
  ['self_attn.q_norm.weight', q],
  ['self_attn.k_norm.weight', k],
];

const norm = (name: string, { c }: Sizes): LayerTensor => [`${name}.weight`, c];

type LayerTensors = (config: ModelConfig, sizes: Sizes) => LayerTensor[];

const preNorm: LayerTensors = (config, sizes) => [
  norm('input_layernorm', sizes),
  ...projections(config, sizes),
  norm('post_attention_layernorm', sizes),
  ...gatedMlp(sizes),
];

const LAYERS: { readonly [A in Architecture]: LayerTensors } = {
  LlamaForCausalLM: preNorm,
  MistralForCausalLM: preNorm,
  Qwen2ForCausalLM: preNorm,
  SmolLM3ForCausalLM: preNorm,
  Qwen3ForCausalLM: (config, sizes) => [
    norm('input_layernorm', sizes),
    ...projections(config, sizes),
    ...queryKeyNorms(sizes.d, sizes.d),
    norm('post_attention_layernorm', sizes),
    ...gatedMlp(sizes),
  ],
  Gemma3ForCausalLM: (config, sizes) => [
    norm('input_layernorm', sizes),
    ...projections(config, sizes),
    ...queryKeyNorms(sizes.d, sizes.d),
    norm('post_attention_layernorm', sizes),
    norm('pre_feedforward_layernorm', sizes),
    ...gatedMlp(sizes),
    norm('post_feedforward_layernorm', sizes),
  ],
  Olmo2ForCausalLM: (config, sizes) => [
    ...projections(config, sizes),
    ...queryKeyNorms(sizes.q, sizes.kv),
    norm('post_attention_layernorm', sizes),
    ...gatedMlp(sizes),
    norm('post_feedforward_layernorm', sizes),
  ],
  Phi3ForCausalLM: (_, sizes) => [
    norm('input_layernorm', sizes),
    ['self_attn.qkv_proj.weight', sizes.q + 2 * sizes.kv, sizes.c],
    ['self_attn.o_proj.weight', sizes.c, sizes.q],
    norm('post_attention_layernorm', sizes),
    ['mlp.gate_up_proj.weight', 2 * sizes.f, sizes.c],
    ['mlp.down_proj.weight', sizes.c, sizes.f],
  ],
};
