/**
 * @file Reads config.json and generation_config.json of transformers 4 and 5 into a `ModelConfig`.
 *
 * The layouts differ in two places: `rope_theta` and `rope_scaling` (4) became `rope_parameters` (5), and `torch_dtype`
 * became `dtype`. Defaults are those of transformers' configuration classes.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, parseForeignJson } from '#core';
import {
  ActivationUnsupportedError,
  ArchitectureUnsupportedError,
  FeatureUnsupportedError,
  ModelConfigInvalidError,
  ModelConfigMissingError,
} from './checkpoint.errors.js';
import { CONFIG_DEFAULTS } from './config-defaults.js';
import { ConfigFields, isJsonObject, type JsonObject } from './config-fields.js';
import { readGgufConfig } from './gguf-config.js';
import { modelKind } from './model-folder.js';
import { ARCHITECTURES, type Architecture, type ModelConfig } from './model-config.js';
import { parseLayers } from './parse-layers.js';
import { parseRotaryPositions } from './parse-rope.js';
import type { RopeConfig } from './rope.js';

export const CONFIG_FILE = 'config.json';
export const GENERATION_CONFIG_FILE = 'generation_config.json';

const SILU: readonly string[] = ['silu', 'swish'];
const GELU_TANH: readonly string[] = ['gelu_pytorch_tanh'];
/** Families whose projections may have biases. */
const BIAS_FLAGGED: readonly Architecture[] = [
  'LlamaForCausalLM',
  'Qwen3ForCausalLM',
  'Gemma3ForCausalLM',
  'SmolLM3ForCausalLM',
  'Olmo2ForCausalLM',
];
const MLP_BIAS_FLAGGED: readonly Architecture[] = ['LlamaForCausalLM', 'SmolLM3ForCausalLM'];
/** Every layer's tensors are listed before any is looked for. */
const LAYERS_MAX = 10_000;
const QUERY_SCALAR_DEFAULT = 256;

/** Reads the configuration of a model, a folder or a GGUF file. @throws ModelConfigMissingError, and this package's refusals */
export async function readModelConfig(modelPath: string): Promise<ModelConfig> {
  if ((await modelKind(modelPath)) === 'gguf') return parseModelConfig(modelPath, await readGgufConfig(modelPath));
  const path = join(modelPath, CONFIG_FILE);
  const config = await readJson(path);
  if (config === undefined) throw new ModelConfigMissingError(path);
  const generation = await readJson(join(modelPath, GENERATION_CONFIG_FILE));
  return parseModelConfig(path, config, generation ?? {});
}

/** The same from parsed files; `path` names config.json in errors. */
export function parseModelConfig(path: string, config: JsonObject, generation: JsonObject = {}): ModelConfig {
  const fields = new ConfigFields(path, config);
  const architecture = parseArchitecture(fields);
  refuseUnsupported(fields, architecture);
  const hiddenSize = fields.size('hidden_size');
  const headCount = fields.size('num_attention_heads');
  const layerCount = fields.size('num_hidden_layers');
  if (layerCount > LAYERS_MAX) throw fields.wrong('num_hidden_layers', `at most ${LAYERS_MAX}`, layerCount);
  const defaults = CONFIG_DEFAULTS[architecture];
  const kvHeadsDefault = fields.isNull('num_key_value_heads') ? headCount : (defaults.kvHeadCount ?? headCount);
  const kvHeadCount = fields.size('num_key_value_heads', kvHeadsDefault);
  const headDim = fields.size('head_dim', defaults.headDim ?? hiddenSize / headCount);
  if (headCount % kvHeadCount !== 0) {
    throw fields.wrong('num_key_value_heads', `a divisor of num_attention_heads (${headCount})`, kvHeadCount);
  }
  if (headDim % 2 !== 0) throw fields.wrong('head_dim', 'an even number', headDim);
  const vocabularySize = fields.size('vocab_size');
  const contextTokens = fields.size('max_position_embeddings', defaults.contextTokens);
  const rotary = parseRotaryPositions(fields, { architecture, headDim, contextTokens });
  const generationFields = new ConfigFields(path.replace(CONFIG_FILE, GENERATION_CONFIG_FILE), generation);
  const eosTokenIds = endTokens(fields, generationFields, defaults.eosTokenId);
  const outside = eosTokenIds.find((id) => id >= vocabularySize);
  if (outside !== undefined) throw fields.wrong('eos_token_id', `ids below vocab_size (${vocabularySize})`, outside);
  return {
    architecture,
    vocabularySize,
    hiddenSize,
    layerCount,
    headCount,
    kvHeadCount,
    headDim,
    ...rotary,
    attentionScale: 1 / Math.sqrt(scaledWidth(fields, architecture, headDim)),
    feedForwardSize: fields.size('intermediate_size'),
    rmsNormEpsilon: fields.positive('rms_norm_eps', defaults.rmsNormEpsilon),
    contextTokensMax: Math.min(contextTokens, lengthOfSameRope(rotary.rope)),
    tiedEmbeddings: fields.flag('tie_word_embeddings', defaults.tiedEmbeddings),
    qkvBias: architecture === 'Qwen2ForCausalLM',
    ...parseLayers(fields, architecture, layerCount),
    bosTokenId: fields.tokenId('bos_token_id', defaults.bosTokenId),
    eosTokenIds,
    padTokenId: fields.tokenId('pad_token_id', defaults.padTokenId),
  };
}

/** The width by whose root query·key is divided. */
function scaledWidth(fields: ConfigFields, architecture: Architecture, headDim: number): number {
  if (architecture !== 'Gemma3ForCausalLM') return headDim;
  return fields.positive('query_pre_attn_scalar', QUERY_SCALAR_DEFAULT);
}

/** Longest sequence whose rotary frequencies are those of shorter ones. */
function lengthOfSameRope(rope: RopeConfig): number {
  return rope.kind === 'longrope' ? rope.originalContextTokens : Infinity;
}

function parseArchitecture(fields: ConfigFields): Architecture {
  const list = fields.raw('architectures');
  if (!Array.isArray(list) || list.length !== 1) throw fields.wrong('architectures', 'a list of one name', list);
  const found = ARCHITECTURES.find((name) => name === list[0]);
  if (found) return found;
  throw new ArchitectureUnsupportedError(fields.path, String(list[0]), ARCHITECTURES);
}

function refuseUnsupported(fields: ConfigFields, architecture: Architecture): void {
  const refuse = (feature: string, supported: string) => {
    throw new FeatureUnsupportedError(fields.path, feature, supported);
  };
  const isGemma = architecture === 'Gemma3ForCausalLM';
  const [field, supported] = isGemma ? (['hidden_activation', GELU_TANH] as const) : (['hidden_act', SILU] as const);
  const activation = fields.text(field, supported[0]!);
  if (!supported.includes(activation)) {
    throw new ActivationUnsupportedError(fields.path, activation, supported.join(' or '));
  }
  if (fields.raw('quantization_config') !== undefined) refuse('quantization_config', 'weights in f32, f16 or bf16');
  if (BIAS_FLAGGED.includes(architecture) && fields.flag('attention_bias', false)) {
    refuse('attention_bias: true', 'attention without biases');
  }
  if (MLP_BIAS_FLAGGED.includes(architecture) && fields.flag('mlp_bias', false)) {
    refuse('mlp_bias: true', 'feed-forward without biases');
  }
  if (!isGemma) return;
  for (const name of ['attn_logit_softcapping', 'final_logit_softcapping']) {
    if (fields.raw(name) !== undefined) refuse(`${name}: ${JSON.stringify(fields.raw(name))}`, 'no soft-capping');
  }
  if (fields.flag('use_bidirectional_attention', false)) {
    refuse('use_bidirectional_attention: true', 'causal attention');
  }
}

/** Generation's list counts, as in transformers; the model's own where it has none. */
function endTokens(config: ConfigFields, generation: ConfigFields, fallback: number | null): number[] {
  const ids = generation.tokenIds('eos_token_id');
  const all = ids.length > 0 ? ids : config.tokenIds('eos_token_id', fallback);
  if (all.length > 0) return [...new Set(all)];
  throw config.wrong('eos_token_id', 'at least one id here or in generation_config.json', undefined);
}

/** A file's JSON object, or undefined where there is no file. */
export async function readJson(path: string): Promise<JsonObject | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw cause;
  }
  let parsed: unknown;
  try {
    parsed = parseForeignJson(text);
  } catch (cause) {
    throw new ModelConfigInvalidError(path, `is not JSON: ${messageOf(cause)}`, cause);
  }
  if (isJsonObject(parsed)) return parsed;
  throw new ModelConfigInvalidError(path, 'is not a JSON object');
}
