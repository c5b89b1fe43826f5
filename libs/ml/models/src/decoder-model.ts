/**
 * @file What every model family offers to the engine: one pass over whole sequences, and one over a single new token.
 *
 * Both come from the same definition (`family.ts`); they differ in what a layer attends to.
 */
import type { ModelConfig } from '#ml/checkpoint';
import type { GraphBuilder, Value } from '#ml/graph';
import {
  attention,
  cachedAttention,
  type KeyValue,
  type LayerCache,
  type QueryKeyValue,
  type RopeTables,
} from '#ml/nn';
import { EMBEDDING, HEAD, type Family, type ModelWeights } from './family.js';

export interface PrefillInputs {
  /** [B, T] */
  readonly ids: Value;
  /** [B, T] */
  readonly positions: Value;
  /** One per layer; layers of one type share theirs. */
  readonly layers: readonly PrefillLayer[];
}

export interface PrefillLayer {
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
  /** One per layer. */
  readonly layers: readonly StepLayer[];
}

export interface StepLayer {
  readonly cache: LayerCache;
  readonly rope: RopeTables;
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

export function decoderOf(family: Family): DecoderModel {
  return {
    prefill(g, config, weights, { ids, positions, layers }) {
      const keyValues: KeyValue[] = [];
      const attending = layers.map(({ mask, rope }) => ({
        rope,
        attend: (inner: GraphBuilder, queryKeyValue: QueryKeyValue) => {
          const { output, keyValue } = attention(inner, queryKeyValue, mask, config);
          keyValues.push(keyValue);
          return output;
        },
      }));
      const hidden = family.forward(g, config, weights, { ids, positions, layers: attending });
      return { hidden: hidden as Value<'B T C'>, keyValues };
    },

    step(g, config, weights, { ids, positions, layers }) {
      const newKeyValues: { k: Value; v: Value }[] = [];
      const attending = layers.map(({ cache, rope }) => ({
        rope,
        attend: (inner: GraphBuilder, queryKeyValue: QueryKeyValue) => {
          const { output, newK, newV } = cachedAttention(inner, queryKeyValue, cache, config);
          newKeyValues.push({ k: newK, v: newV });
          return output;
        },
      }));
      return { hidden: family.forward(g, config, weights, { ids, positions, layers: attending }), newKeyValues };
    },

    headName: ({ tiedEmbeddings }) => (tiedEmbeddings ? EMBEDDING : HEAD),
  };
}
