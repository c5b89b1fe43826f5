/**
 * @file The one form in which the rest of the engine sees config.json.
 *
 * Reading refuses by name whatever would change the computation and is not implemented: a model that loads, runs and is
 * slightly wrong is worse than one that does not load.
 */
import type { RopeConfig } from './rope.js';

export const ARCHITECTURES = [
  'LlamaForCausalLM',
  'MistralForCausalLM',
  'Qwen2ForCausalLM',
  'Qwen3ForCausalLM',
  'Gemma3ForCausalLM',
  'SmolLM3ForCausalLM',
  'Olmo2ForCausalLM',
  'Phi3ForCausalLM',
] as const;

export type Architecture = (typeof ARCHITECTURES)[number];

/** Full layers see every token before; sliding ones the last `slidingWindow`. */
export type LayerType = 'full' | 'sliding';

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
  /** First elements of a head that are rotated, even: all D, but in Phi-4-mini. */
  readonly rotaryDim: number;
  /** Factor on q·k: 1/√D, in Gemma 3 1/√query_pre_attn_scalar. */
  readonly attentionScale: number;
  /** F. */
  readonly feedForwardSize: number;
  readonly rmsNormEpsilon: number;
  /** Longest sequence the model was made for; where its rotary positions change with the length, the longest before. */
  readonly contextTokensMax: number;
  /** True when the output head is the embedding. */
  readonly tiedEmbeddings: boolean;
  /** True when q, k and v have biases (Qwen 2). */
  readonly qkvBias: boolean;
  /** Type of each layer. */
  readonly layerTypes: readonly LayerType[];
  /** Tokens that a sliding layer sees, the token itself among them, at least 2; null where no layer slides. */
  readonly slidingWindow: number | null;
  /** Rotary positions of full layers. */
  readonly rope: RopeConfig;
  /** Rotary positions of sliding layers: the same, but in Gemma 3. */
  readonly slidingRope: RopeConfig;
  /** Whether each layer rotates its queries and keys: all do, but in SmolLM3. */
  readonly rotaryLayers: readonly boolean[];
  readonly bosTokenId: number | null;
  /** Any of these ends a generation; from generation_config.json where it says so. At least one. */
  readonly eosTokenIds: readonly number[];
  readonly padTokenId: number | null;
}
