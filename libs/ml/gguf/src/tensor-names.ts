/**
 * @file The two-way dictionary between Hugging Face's and llama.cpp's names of a model's tensors, and how their values
 * differ. Source: the `gguf` library's tensor_mapping.py (0.19.0) and llama.cpp's convert_hf_to_gguf.py.
 */
import { f32Tensor, type F32Tensor } from '#core';
import { interleaveRotaryRows, separateRotaryRows } from './rotary-rows.js';

interface Family {
  /** Part of a layer, Hugging Face → GGUF. */
  readonly parts: Readonly<Record<string, string>>;
  /** Rows of q and k lie with their rotary pairs side by side. */
  readonly interleavesRotaryRows?: true;
  /** Norm weights are stored as 1 + w. Exact both ways: what a float32 sum 1 + w loses, 1 + w has lost in use. */
  readonly addsOneToNorms?: true;
}

const QKV = { 'self_attn.q_proj': 'attn_q', 'self_attn.k_proj': 'attn_k', 'self_attn.v_proj': 'attn_v' };
const QK_NORMS = { 'self_attn.q_norm': 'attn_q_norm', 'self_attn.k_norm': 'attn_k_norm' };
const OUTPUT = { 'self_attn.o_proj': 'attn_output' };
const GATE_UP = { 'mlp.gate_proj': 'ffn_gate', 'mlp.up_proj': 'ffn_up' };
const DOWN = { 'mlp.down_proj': 'ffn_down' };
/** Norms before attention and feed-forward. */
const PRE_NORMS = { input_layernorm: 'attn_norm', post_attention_layernorm: 'ffn_norm' };
const POST_NORMS = { post_attention_layernorm: 'post_attention_norm', post_feedforward_layernorm: 'post_ffw_norm' };

const PLAIN = { ...PRE_NORMS, ...QKV, ...OUTPUT, ...GATE_UP, ...DOWN };

const FAMILIES = {
  llama: { parts: PLAIN, interleavesRotaryRows: true },
  smollm3: { parts: PLAIN, interleavesRotaryRows: true },
  qwen2: { parts: PLAIN },
  qwen3: { parts: { ...PLAIN, ...QK_NORMS } },
  gemma3: {
    parts: {
      input_layernorm: 'attn_norm',
      ...QKV,
      ...QK_NORMS,
      ...OUTPUT,
      ...POST_NORMS,
      pre_feedforward_layernorm: 'ffn_norm',
      ...GATE_UP,
      ...DOWN,
    },
    addsOneToNorms: true,
  },
  phi3: {
    parts: {
      ...PRE_NORMS,
      'self_attn.qkv_proj': 'attn_qkv',
      ...OUTPUT,
      'mlp.gate_up_proj': 'ffn_up',
      ...DOWN,
    },
  },
  olmo2: { parts: { ...QKV, ...QK_NORMS, ...OUTPUT, ...POST_NORMS, ...GATE_UP, ...DOWN } },
} as const satisfies Record<string, Family>;

/** Values of `general.architecture` whose tensors have names here. */
export type GgufArchitecture = keyof typeof FAMILIES;
export const GGUF_ARCHITECTURES = Object.keys(FAMILIES) as readonly GgufArchitecture[];

export function isGgufArchitecture(name: string): name is GgufArchitecture {
  return Object.hasOwn(FAMILIES, name);
}

const OUTSIDE_LAYERS: Readonly<Record<string, string>> = {
  'model.embed_tokens': 'token_embd',
  'model.norm': 'output_norm',
  lm_head: 'output',
};

const HUGGING_FACE_LAYER = /^model\.layers\.(\d+)\.(.+)$/;
const GGUF_LAYER = /^blk\.(\d+)\.(.+)$/;
const KIND = /^(.+)\.(weight|bias)$/;

/** `model.layers.0.self_attn.q_proj.weight` → `blk.0.attn_q.weight`; undefined where the family has no such tensor. */
export function ggufTensorName(architecture: GgufArchitecture, name: string): string | undefined {
  const { parts }: Family = FAMILIES[architecture];
  return translate(name, HUGGING_FACE_LAYER, { outside: OUTSIDE_LAYERS, parts, layerPrefix: 'blk' });
}

/** `blk.0.attn_q.weight` → `model.layers.0.self_attn.q_proj.weight`; undefined where the family has no such tensor. */
export function huggingFaceTensorName(architecture: GgufArchitecture, name: string): string | undefined {
  const { parts }: Family = FAMILIES[architecture];
  return translate(name, GGUF_LAYER, {
    outside: inverse(OUTSIDE_LAYERS),
    parts: inverse(parts),
    layerPrefix: 'model.layers',
  });
}

export interface HeadCounts {
  /** H. */
  readonly headCount: number;
  /** K. */
  readonly kvHeadCount: number;
}

/** The values of a tensor as GGUF has them, from Hugging Face's; `name` is Hugging Face's. */
export function toGgufValues(
  architecture: GgufArchitecture,
  name: string,
  tensor: F32Tensor,
  heads: HeadCounts,
): F32Tensor {
  const family: Family = FAMILIES[architecture];
  const headCount = family.interleavesRotaryRows ? rotaryHeads(name, heads) : undefined;
  if (headCount !== undefined) return interleaveRotaryRows(tensor, headCount);
  return family.addsOneToNorms && isNorm(name) ? shifted(tensor, 1) : tensor;
}

/** The values of a tensor as Hugging Face has them, from GGUF's; `name` is Hugging Face's. */
export function toHuggingFaceValues(
  architecture: GgufArchitecture,
  name: string,
  tensor: F32Tensor,
  heads: HeadCounts,
): F32Tensor {
  const family: Family = FAMILIES[architecture];
  const headCount = family.interleavesRotaryRows ? rotaryHeads(name, heads) : undefined;
  if (headCount !== undefined) return separateRotaryRows(tensor, headCount);
  return family.addsOneToNorms && isNorm(name) ? shifted(tensor, -1) : tensor;
}

function translate(
  name: string,
  layerPattern: RegExp,
  to: {
    readonly outside: Readonly<Record<string, string>>;
    readonly parts: Readonly<Record<string, string>>;
    readonly layerPrefix: string;
  },
): string | undefined {
  const [, stem = '', kind = ''] = KIND.exec(name) ?? [];
  const [, layer, part = ''] = layerPattern.exec(stem) ?? [];
  const [known, key] = layer === undefined ? [to.outside, stem] : [to.parts, part];
  if (!Object.hasOwn(known, key)) return undefined;
  return layer === undefined ? `${known[key]}.${kind}` : `${to.layerPrefix}.${layer}.${known[key]}.${kind}`;
}

function inverse(names: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([from, to]) => [to, from]));
}

function rotaryHeads(name: string, { headCount, kvHeadCount }: HeadCounts): number | undefined {
  if (/\.self_attn\.q_proj\./.test(name)) return headCount;
  return /\.self_attn\.k_proj\./.test(name) ? kvHeadCount : undefined;
}

function isNorm(name: string): boolean {
  return name.endsWith('norm.weight');
}

function shifted({ dims, data }: F32Tensor, by: number): F32Tensor {
  return f32Tensor(
    dims,
    data.map((value) => value + by),
  );
}
