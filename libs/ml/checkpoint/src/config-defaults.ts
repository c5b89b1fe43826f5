/**
 * @file What transformers' configuration classes say where config.json is silent. A field that is null is another matter
 * than one that is absent: null stands for itself.
 *
 * Source: transformers 5.23, `configuration_*.py`. Sizes of a whole model (widths, layers, vocabulary) have defaults
 * there too; here they must be stated.
 */
import type { Architecture } from './model-config.js';

export interface ConfigDefaults {
  readonly contextTokens: number;
  /** Null: as many as query heads. */
  readonly kvHeadCount: number | null;
  /** Null: C/H. */
  readonly headDim: number | null;
  readonly rmsNormEpsilon: number;
  readonly tiedEmbeddings: boolean;
  readonly ropeTheta: number;
  readonly slidingWindow: number | null;
  readonly bosTokenId: number | null;
  readonly eosTokenId: number | null;
  readonly padTokenId: number | null;
}

const llama: ConfigDefaults = {
  contextTokens: 2048,
  kvHeadCount: null,
  headDim: null,
  rmsNormEpsilon: 1e-6,
  tiedEmbeddings: false,
  ropeTheta: 10_000,
  slidingWindow: null,
  bosTokenId: 1,
  eosTokenId: 2,
  padTokenId: null,
};

const qwen2: ConfigDefaults = {
  ...llama,
  contextTokens: 32_768,
  kvHeadCount: 32,
  slidingWindow: 4096,
  bosTokenId: null,
  eosTokenId: null,
};

export const CONFIG_DEFAULTS: { readonly [A in Architecture]: ConfigDefaults } = {
  LlamaForCausalLM: llama,
  MistralForCausalLM: { ...llama, contextTokens: 131_072, kvHeadCount: 8, slidingWindow: 4096 },
  Qwen2ForCausalLM: qwen2,
  Qwen3ForCausalLM: { ...qwen2, headDim: 128 },
  Gemma3ForCausalLM: {
    ...llama,
    contextTokens: 131_072,
    kvHeadCount: 4,
    headDim: 256,
    tiedEmbeddings: true,
    ropeTheta: 1_000_000,
    slidingWindow: 4096,
    bosTokenId: 2,
    eosTokenId: 1,
    padTokenId: 0,
  },
  SmolLM3ForCausalLM: {
    ...llama,
    contextTokens: 32_768,
    kvHeadCount: 4,
    tiedEmbeddings: true,
    ropeTheta: 2_000_000,
    bosTokenId: 128_000,
    eosTokenId: 128_001,
    padTokenId: 128_004,
  },
  Olmo2ForCausalLM: { ...llama, rmsNormEpsilon: 1e-5, bosTokenId: null, eosTokenId: 50_279, padTokenId: 1 },
  Phi3ForCausalLM: { ...llama, contextTokens: 4096, rmsNormEpsilon: 1e-5, eosTokenId: 32_000, padTokenId: 32_000 },
};
