/**
 * @file Reads config.json and generation_config.json of transformers 4 and 5 into a `ModelConfig`.
 *
 * The layouts differ in two places: `rope_theta` and `rope_scaling` (4) became `rope_parameters` (5), and `torch_dtype`
 * became `dtype`. Defaults are those of transformers' LlamaConfig and Qwen2Config.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '#core';
import {
  ActivationUnsupportedError,
  ArchitectureUnsupportedError,
  FeatureUnsupportedError,
  ModelConfigInvalidError,
  ModelConfigMissingError,
  RopeTypeUnsupportedError,
} from './checkpoint.errors.js';
import { ConfigFields, isJsonObject, type JsonObject } from './config-fields.js';
import { requireModelFolder } from './model-folder.js';
import { ARCHITECTURES, type Architecture, type ModelConfig } from './model-config.js';
import type { RopeConfig } from './rope.js';

export const CONFIG_FILE = 'config.json';
export const GENERATION_CONFIG_FILE = 'generation_config.json';

const ROPE_THETA_DEFAULT = 10_000;
const CONTEXT_TOKENS_DEFAULT: { readonly [A in Architecture]: number } = {
  LlamaForCausalLM: 2048,
  Qwen2ForCausalLM: 32_768,
};

/** Reads the configuration of a model folder. @throws ModelConfigMissingError, and the refusals of this package. */
export async function readModelConfig(dir: string): Promise<ModelConfig> {
  await requireModelFolder(dir);
  const path = join(dir, CONFIG_FILE);
  const config = await readJson(path);
  if (config === undefined) throw new ModelConfigMissingError(path);
  const generation = await readJson(join(dir, GENERATION_CONFIG_FILE));
  return parseModelConfig(path, config, generation ?? {});
}

/** The same from parsed files; `path` names config.json in errors. */
export function parseModelConfig(path: string, config: JsonObject, generation: JsonObject = {}): ModelConfig {
  const fields = new ConfigFields(path, config);
  const architecture = parseArchitecture(fields);
  refuseUnsupported(fields, architecture);
  const hiddenSize = fields.size('hidden_size');
  const headCount = fields.size('num_attention_heads');
  const kvHeadCount = fields.size('num_key_value_heads', headCount);
  const headDim = fields.size('head_dim', hiddenSize / headCount);
  if (headCount % kvHeadCount !== 0) {
    throw fields.wrong('num_key_value_heads', `a divisor of num_attention_heads (${headCount})`, kvHeadCount);
  }
  if (headDim % 2 !== 0) throw fields.wrong('head_dim', 'an even number', headDim);
  const vocabularySize = fields.size('vocab_size');
  const eosTokenIds = endTokens(
    fields,
    new ConfigFields(path.replace(CONFIG_FILE, GENERATION_CONFIG_FILE), generation),
  );
  const outside = eosTokenIds.find((id) => id >= vocabularySize);
  if (outside !== undefined) throw fields.wrong('eos_token_id', `ids below vocab_size (${vocabularySize})`, outside);
  return {
    architecture,
    vocabularySize,
    hiddenSize,
    layerCount: fields.size('num_hidden_layers'),
    headCount,
    kvHeadCount,
    headDim,
    feedForwardSize: fields.size('intermediate_size'),
    rmsNormEpsilon: fields.positive('rms_norm_eps', 1e-6),
    contextTokensMax: fields.size('max_position_embeddings', CONTEXT_TOKENS_DEFAULT[architecture]),
    tiedEmbeddings: fields.flag('tie_word_embeddings', false),
    qkvBias: architecture === 'Qwen2ForCausalLM',
    rope: parseRope(fields),
    bosTokenId: fields.tokenId('bos_token_id'),
    eosTokenIds,
    padTokenId: fields.tokenId('pad_token_id'),
  };
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
  const activation = fields.text('hidden_act', 'silu');
  if (activation !== 'silu' && activation !== 'swish') throw new ActivationUnsupportedError(fields.path, activation);
  if (fields.raw('quantization_config') !== undefined) refuse('quantization_config', 'weights in f32, f16 or bf16');
  if (architecture === 'LlamaForCausalLM') {
    if (fields.flag('attention_bias', false)) refuse('attention_bias: true', 'attention without biases');
    if (fields.flag('mlp_bias', false)) refuse('mlp_bias: true', 'feed-forward without biases');
  } else if (fields.flag('use_sliding_window', false) && fields.raw('sliding_window') !== undefined) {
    refuse(`sliding_window: ${JSON.stringify(fields.raw('sliding_window'))}`, 'full attention');
  }
  const layerTypes = fields.raw('layer_types');
  const other = Array.isArray(layerTypes) ? layerTypes.find((type) => type !== 'full_attention') : undefined;
  if (other !== undefined) refuse(`layer_types with ${JSON.stringify(other)}`, 'full_attention in every layer');
}

function parseRope(fields: ConfigFields): RopeConfig {
  const modern = fields.nested('rope_parameters');
  const scaling = modern ?? fields.nested('rope_scaling');
  const theta = modern?.raw('rope_theta') === undefined ? fields : modern;
  const kind = scaling?.text('rope_type', scaling.text('type', 'default')) ?? 'default';
  const partial = scaling?.raw('partial_rotary_factor') ?? fields.raw('partial_rotary_factor') ?? 1;
  if (partial !== 1) {
    throw new FeatureUnsupportedError(fields.path, `partial_rotary_factor: ${JSON.stringify(partial)}`, '1');
  }
  const base = { theta: theta.positive('rope_theta', ROPE_THETA_DEFAULT) };
  if (kind === 'default') return { kind, ...base };
  if (kind !== 'llama3' || !scaling) throw new RopeTypeUnsupportedError(fields.path, kind);
  const rope = {
    kind,
    ...base,
    factor: scaling.positive('factor'),
    lowFrequencyFactor: scaling.positive('low_freq_factor'),
    highFrequencyFactor: scaling.positive('high_freq_factor'),
    originalContextTokens: scaling.size('original_max_position_embeddings'),
  } as const;
  if (rope.highFrequencyFactor <= rope.lowFrequencyFactor) {
    throw scaling.wrong('high_freq_factor', 'more than low_freq_factor', rope.highFrequencyFactor);
  }
  return rope;
}

/** Generation's list counts, as in transformers; the model's own where it has none. */
function endTokens(config: ConfigFields, generation: ConfigFields): number[] {
  const ids = generation.tokenIds('eos_token_id');
  const all = ids.length > 0 ? ids : config.tokenIds('eos_token_id');
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
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new ModelConfigInvalidError(path, `is not JSON: ${messageOf(cause)}`, cause);
  }
  if (isJsonObject(parsed)) return parsed;
  throw new ModelConfigInvalidError(path, 'is not a JSON object');
}
