/**
 * @file The config.json that a GGUF file's metadata amounts to, in transformers' names, so that both kinds of models are
 * read, and refused, by the same reader.
 *
 * Keys that this translation does not know are refused: they may change the computation. Source of the keys: the `gguf`
 * library's constants.py (0.19.0); of what llama.cpp takes as given: its llama-model.cpp.
 */
import {
  GGUF_ARCHITECTURES,
  GgufFile,
  GgufUnsupportedError,
  isGgufArchitecture,
  type GgufArchitecture,
  type GgufMetadata,
} from '#ml/gguf';
import { ArchitectureUnsupportedError } from './checkpoint.errors.js';
import type { JsonObject } from './config-fields.js';
import { ggufRope } from './gguf-rope.js';
import type { Architecture } from './model-config.js';

const ARCHITECTURE_KEY = 'general.architecture';

/** Keys below the architecture's name that are read here, or say nothing about the computation. */
const KNOWN_KEYS: readonly string[] = [
  'attention.head_count',
  'attention.head_count_kv',
  'attention.key_length',
  'attention.layer_norm_rms_epsilon',
  'attention.sliding_window',
  'attention.value_length',
  'attn_logit_softcapping',
  'block_count',
  'context_length',
  'embedding_length',
  'feed_forward_length',
  'final_logit_softcapping',
  'rope.dimension_count',
  'rope.freq_base',
  'rope.freq_base_swa',
  'rope.scale_linear',
  'rope.scaling.attn_factor',
  'rope.scaling.factor',
  'rope.scaling.finetuned',
  'rope.scaling.original_context_length',
  'rope.scaling.type',
  'rope.scaling.yarn_beta_fast',
  'rope.scaling.yarn_beta_slow',
  'tensor_data_layout',
  'vocab_size',
];
/** Keys that say nothing as long as they are zero. */
const HARMLESS_AT_ZERO: readonly string[] = ['expert_count', 'expert_used_count'];

interface FamilyName {
  readonly architectures: readonly [Architecture];
  readonly model_type: string;
}

const MISTRAL: FamilyName = { architectures: ['MistralForCausalLM'], model_type: 'mistral' };
const NAMES: { readonly [A in GgufArchitecture]: FamilyName } = {
  llama: { architectures: ['LlamaForCausalLM'], model_type: 'llama' },
  qwen2: { architectures: ['Qwen2ForCausalLM'], model_type: 'qwen2' },
  qwen3: { architectures: ['Qwen3ForCausalLM'], model_type: 'qwen3' },
  gemma3: { architectures: ['Gemma3ForCausalLM'], model_type: 'gemma3_text' },
  phi3: { architectures: ['Phi3ForCausalLM'], model_type: 'phi3' },
  smollm3: { architectures: ['SmolLM3ForCausalLM'], model_type: 'smollm3' },
  olmo2: { architectures: ['Olmo2ForCausalLM'], model_type: 'olmo2' },
};

/** `general.architecture`, if its tensors have names here. @throws ArchitectureUnsupportedError */
export function ggufArchitecture(metadata: GgufMetadata): GgufArchitecture {
  const name = metadata.required(ARCHITECTURE_KEY, metadata.text(ARCHITECTURE_KEY));
  if (isGgufArchitecture(name)) return name;
  throw new ArchitectureUnsupportedError(metadata.where, name, GGUF_ARCHITECTURES);
}

/** Opens a file for its configuration alone. */
export async function readGgufConfig(path: string): Promise<JsonObject> {
  const file = await GgufFile.open(path);
  try {
    return await ggufConfig(file);
  } finally {
    await file.close();
  }
}

/** The file's configuration under transformers' names. @throws GgufInvalidError, GgufUnsupportedError */
export async function ggufConfig(file: GgufFile): Promise<JsonObject> {
  const { metadata } = file;
  const architecture = ggufArchitecture(metadata);
  refuseUnknown(metadata, architecture);
  const at = (key: string) => `${architecture}.${key}`;
  const required = (key: string) => metadata.required(at(key), metadata.integer(at(key)));
  const hiddenSize = required('embedding_length');
  const headCount = required('attention.head_count');
  const headDim = metadata.integer(at('attention.key_length')) ?? hiddenSize / headCount;
  const valueDim = metadata.integer(at('attention.value_length')) ?? headDim;
  if (valueDim !== headDim) {
    throw new GgufUnsupportedError(metadata.where, `values of width ${valueDim}`, `the width of keys, ${headDim}`);
  }
  const layerCount = required('block_count');
  const epsilon = at('attention.layer_norm_rms_epsilon');
  return {
    ...familyFields(metadata, architecture, { hiddenSize, headCount, headDim, layerCount }),
    vocab_size: vocabularySize(file),
    hidden_size: hiddenSize,
    num_hidden_layers: layerCount,
    num_attention_heads: headCount,
    num_key_value_heads: metadata.integer(at('attention.head_count_kv')) ?? headCount,
    head_dim: headDim,
    intermediate_size: required('feed_forward_length'),
    rms_norm_eps: metadata.required(epsilon, metadata.number(epsilon)),
    max_position_embeddings: required('context_length'),
    tie_word_embeddings: !file.tensors.has('output.weight'),
    attention_bias: architecture !== 'qwen2' && file.tensors.has('blk.0.attn_q.bias'),
    ...(await ggufRope(file, architecture, headDim)),
    bos_token_id: metadata.integer('tokenizer.ggml.bos_token_id') ?? null,
    eos_token_id: endTokens(metadata),
    pad_token_id: metadata.integer('tokenizer.ggml.padding_token_id') ?? null,
  };
}

function refuseUnknown(metadata: GgufMetadata, architecture: GgufArchitecture): void {
  const { where } = metadata;
  const type = metadata.text('general.type') ?? 'model';
  if (type !== 'model') throw new GgufUnsupportedError(where, `a GGUF file of type ${type}`, 'model');
  const parts = metadata.integer('split.count') ?? 1;
  if (parts > 1) throw new GgufUnsupportedError(where, `one of ${parts} parts`, 'a model in one file: merge the parts');
  const prefix = `${architecture}.`;
  for (const key of metadata.entries.keys()) {
    if (!key.startsWith(prefix)) continue;
    const name = key.slice(prefix.length);
    if (KNOWN_KEYS.includes(name)) continue;
    if (HARMLESS_AT_ZERO.includes(name) && metadata.integer(key) === 0) continue;
    throw new GgufUnsupportedError(where, `metadata key ${key}`, KNOWN_KEYS.map((known) => prefix + known).join(', '));
  }
}

interface Sizes {
  readonly hiddenSize: number;
  readonly headCount: number;
  readonly headDim: number;
  readonly layerCount: number;
}

/** Layers of Gemma 3 27B, the one model whose attention is scaled by C/H instead of D. */
const GEMMA3_27B_LAYERS = 62;

/** What is particular to a family: its name, its windows, its scales. */
function familyFields(metadata: GgufMetadata, architecture: GgufArchitecture, sizes: Sizes): JsonObject {
  const window = metadata.integer(`${architecture}.attention.sliding_window`) || null;
  const softCaps = {
    attn_logit_softcapping: metadata.number(`${architecture}.attn_logit_softcapping`) ?? null,
    final_logit_softcapping: metadata.number(`${architecture}.final_logit_softcapping`) ?? null,
  };
  if (architecture !== 'gemma3' && Object.values(softCaps).some((cap) => cap !== null)) {
    throw new GgufUnsupportedError(metadata.where, 'soft-capping of logits', 'logits as they are');
  }
  switch (architecture) {
    case 'llama':
      return window === null ? { ...NAMES.llama } : { ...MISTRAL, sliding_window: window };
    case 'gemma3': {
      const { hiddenSize, headCount, headDim, layerCount } = sizes;
      const scalar = layerCount === GEMMA3_27B_LAYERS ? hiddenSize / headCount : headDim;
      return {
        ...NAMES[architecture],
        ...softCaps,
        query_pre_attn_scalar: scalar,
        // Without the key llama.cpp's own default would count; no published file lacks it.
        sliding_window: metadata.required('gemma3.attention.sliding_window', window ?? undefined),
      };
    }
    case 'phi3':
      return { ...NAMES[architecture], sliding_window: window };
    case 'qwen2':
    case 'qwen3':
    case 'smollm3':
    case 'olmo2':
      if (window === null) return { ...NAMES[architecture] };
      throw new GgufUnsupportedError(metadata.where, `${architecture} with a sliding window`, 'full attention');
    default:
      return architecture satisfies never;
  }
}

/** Rows of the embedding: what a token id may be, whatever the metadata says. */
function vocabularySize(file: GgufFile): number {
  const embedding = file.tensors.get('token_embd.weight');
  return file.metadata.required('token_embd.weight', embedding?.dims[0]);
}

/** The end of a text, of a turn, of a message: llama.cpp stops at each. */
function endTokens(metadata: GgufMetadata): number[] {
  const ids = ['eos', 'eot', 'eom'].map((name) => metadata.integer(`tokenizer.ggml.${name}_token_id`));
  return [...new Set(ids.filter((id) => id !== undefined))];
}
