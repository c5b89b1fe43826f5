/**
 * @file What every model family offers: one pass over whole sequences, and one over a single new token.
 *
 * A family is one file, written out from embedding to final norm; families share layers, never wiring.
 */
import type { GraphBuilder, Value } from '#ml/graph';
import type { ModelConfig } from '#ml/checkpoint';
import type { Lora } from '#ml/autodiff';
import type { KeyValue, LayerCache, RopeTables } from '#ml/nn';

/** Where a family finds its weights, by their Hugging Face names. */
export interface ModelWeights {
  tensor(name: string): Value;
  /** Factors of the update that a weight carries, where these are to receive a gradient. */
  lora(name: string): Lora | undefined;
}

export interface PrefillInputs {
  /** [B, T] */
  readonly ids: Value;
  /** [B, T] */
  readonly positions: Value;
  /** Added to attention scores; T queries by as many keys. */
  readonly mask: Value<'B 1 1 T S'>;
  readonly rope: RopeTables;
}

export interface PrefillOutputs {
  /** After the final norm. */
  readonly hidden: Value<'B T C'>;
  /** Per layer. */
  readonly keyValues: readonly KeyValue[];
}

export interface StepInputs {
  /** [N·R, 1] */
  readonly ids: Value;
  /** [N·R, 1] */
  readonly positions: Value;
  readonly rope: RopeTables;
  /** Per layer. */
  readonly caches: readonly LayerCache[];
}

export interface StepOutputs {
  /** [N·R, 1, C], after the final norm. */
  readonly hidden: Value;
  /** Per layer: [1, N·R·K, D] each. */
  readonly newKeyValues: readonly { readonly k: Value; readonly v: Value }[];
}

export interface DecoderModel {
  /** Whole sequences at once: for scoring, for gradients, and for the prompts of a generation. */
  prefill(g: GraphBuilder, config: ModelConfig, weights: ModelWeights, inputs: PrefillInputs): PrefillOutputs;
  /** One new token per sample; no gradient. */
  step(g: GraphBuilder, config: ModelConfig, weights: ModelWeights, inputs: StepInputs): StepOutputs;
  /** Name of the table that turns hidden states into logits; the embedding's where they are tied. */
  headName(config: ModelConfig): string;
}
