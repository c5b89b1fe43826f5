/**
 * @file A model's configuration in llama.cpp's metadata. Source: llama.cpp's convert_hf_to_gguf.py and llama-model.cpp,
 * which says what each architecture makes of the keys.
 */
import { f32Tensor, type F32Tensor } from '#core';
import { ropeInverseFrequencies, type Architecture, type ModelConfig, type RopeConfig } from '#ml/checkpoint';
import { gguf, type GgufArchitecture, type GgufValue } from '#ml/gguf';
import { ExportUnsupportedError } from './export.errors.js';

export interface GgufSettings {
  readonly architecture: GgufArchitecture;
  readonly entries: readonly (readonly [string, GgufValue])[];
  /** Divisors of the rotary frequencies, [D/2], where they are stretched one by one (Llama 3). */
  readonly ropeDivisors?: F32Tensor;
}

/** Families whose settings are written here; the others have tokenizers that are not. */
const ARCHITECTURES: { readonly [A in Architecture]?: GgufArchitecture } = {
  LlamaForCausalLM: 'llama',
  MistralForCausalLM: 'llama',
  Qwen2ForCausalLM: 'qwen2',
  Qwen3ForCausalLM: 'qwen3',
  SmolLM3ForCausalLM: 'smollm3',
  Olmo2ForCausalLM: 'olmo2',
};

const FROM_GGUF = 'Start the run from a GGUF file of the base: its settings and tokenizer are taken over as they are';

/** @throws ExportUnsupportedError */
export function ggufSettings(config: ModelConfig, where: string): GgufSettings {
  const architecture = ARCHITECTURES[config.architecture];
  if (!architecture) throw new ExportUnsupportedError(where, `${config.architecture} as GGUF`, FROM_GGUF);
  refuseUnsaid(config, where);
  const { headDim } = config;
  const counts = {
    block_count: config.layerCount,
    context_length: config.contextTokensMax,
    embedding_length: config.hiddenSize,
    feed_forward_length: config.feedForwardSize,
    'attention.head_count': config.headCount,
    'attention.head_count_kv': config.kvHeadCount,
    'attention.key_length': headDim,
    'attention.value_length': headDim,
    'rope.dimension_count': config.rotaryDim,
    vocab_size: config.vocabularySize,
  };
  const rope = ropeEntries(config.rope, where);
  const numbers = {
    'attention.layer_norm_rms_epsilon': config.rmsNormEpsilon,
    'rope.freq_base': config.rope.theta,
    ...rope.numbers,
  };
  const at = (entries: readonly (readonly [string, GgufValue])[]) =>
    entries.map(([key, value]) => [`${architecture}.${key}`, value] as const);
  const ropeDivisors = config.rope.kind === 'llama3' ? divisorsOf(config) : undefined;
  return {
    architecture,
    entries: at([
      ...Object.entries(counts).map(([key, value]) => [key, gguf.uint32(value)] as const),
      ...Object.entries(numbers).map(([key, value]) => [key, gguf.float32(value)] as const),
      ...rope.others,
    ]),
    ...(ropeDivisors && { ropeDivisors }),
  };
}

/** Layers that llama.cpp leaves without rotary positions in SmolLM3: every fourth. */
const SMOLLM3_PERIOD = 4;

/** What llama.cpp would pass over without a word. */
function refuseUnsaid(config: ModelConfig, where: string): void {
  const { slidingWindow, contextTokensMax, attentionScale, headDim, rotaryLayers, layerTypes } = config;
  const refuse = (got: string) => {
    throw new ExportUnsupportedError(where, `${got}, which llama.cpp does not compute`, 'Export as safetensors');
  };
  if (layerTypes.includes('sliding') && (slidingWindow ?? contextTokensMax) < contextTokensMax) {
    refuse(`a sliding window of ${slidingWindow} tokens in ${config.architecture}`);
  }
  if (Math.abs(attentionScale * Math.sqrt(headDim) - 1) > 1e-6) refuse(`attention scaled by ${attentionScale}`);
  const isSmol = config.architecture === 'SmolLM3ForCausalLM';
  const isExpected = (rotates: boolean, layer: number) => rotates === !(isSmol && (layer + 1) % SMOLLM3_PERIOD === 0);
  if (!rotaryLayers.every(isExpected)) refuse('layers without rotary positions');
}

interface RopeEntries {
  readonly numbers: Readonly<Record<string, number>>;
  readonly others: readonly (readonly [string, GgufValue])[];
}

function ropeEntries(rope: RopeConfig, where: string): RopeEntries {
  switch (rope.kind) {
    case 'default':
    case 'llama3': // as a tensor
      return { numbers: {}, others: [] };
    case 'linear':
      return {
        numbers: { 'rope.scaling.factor': rope.factor },
        others: [['rope.scaling.type', gguf.string('linear')]],
      };
    case 'yarn': {
      // llama.cpp knows this factor only, and borders in whole numbers.
      const usual = 0.1 * Math.log(rope.factor) + 1;
      if (Math.abs(rope.attentionFactor - usual) > 1e-6 || !rope.truncate) break;
      return {
        numbers: {
          'rope.scaling.factor': rope.factor,
          'rope.scaling.yarn_beta_fast': rope.betaFast,
          'rope.scaling.yarn_beta_slow': rope.betaSlow,
        },
        others: [
          ['rope.scaling.type', gguf.string('yarn')],
          ['rope.scaling.original_context_length', gguf.uint32(rope.originalContextTokens)],
        ],
      };
    }
    case 'dynamic':
    case 'longrope':
      break;
    default:
      return rope satisfies never;
  }
  throw new ExportUnsupportedError(where, `rotary positions of type ${rope.kind} with these settings`, FROM_GGUF);
}

function divisorsOf({ rope, rotaryDim }: ModelConfig): F32Tensor {
  const plain = ropeInverseFrequencies({ kind: 'default', theta: rope.theta }, rotaryDim);
  const stretched = ropeInverseFrequencies(rope, rotaryDim);
  return f32Tensor(
    [plain.length],
    Float32Array.from(plain, (frequency, j) => frequency / stretched[j]!),
  );
}
