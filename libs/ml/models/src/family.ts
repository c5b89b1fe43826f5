/**
 * @file What a model family says: how hidden states come from token ids, written out from embedding to final norm.
 *
 * A family is one file; families share layers, never wiring. What a layer attends to is handed in, so that the same
 * lines give the graphs that score, train and decode.
 */
import type { ModelConfig } from '#ml/checkpoint';
import type { Lora } from '#ml/autodiff';
import type { GraphBuilder, Value } from '#ml/graph';
import type { LinearWeights, QueryKeyValue, RopeTables } from '#ml/nn';

/** Where a family finds its weights, by their Hugging Face names. */
export interface ModelWeights {
  tensor(name: string): Value;
  /** Factors of the update that a weight carries, where these are to receive a gradient. */
  lora(name: string): Lora | undefined;
}

export interface ForwardInputs {
  /** [B, T] */
  readonly ids: Value;
  /** [B, T] */
  readonly positions: Value;
  /** One per layer. */
  readonly layers: readonly LayerInputs[];
}

export interface LayerInputs {
  readonly rope: RopeTables;
  /** Attention over whole sequences or over a cache; [B, T, H·D]. */
  readonly attend: (g: GraphBuilder, queryKeyValue: QueryKeyValue) => Value;
}

export interface Family {
  /** Hidden states after the final norm, [B, T, C]. */
  forward(g: GraphBuilder, config: ModelConfig, weights: ModelWeights, inputs: ForwardInputs): Value;
}

/** [V, C] */
export const EMBEDDING = 'model.embed_tokens.weight';
/** [C] */
export const FINAL_NORM = 'model.norm.weight';
/** [V, C]; absent where the embedding is the head. */
export const HEAD = 'lm_head.weight';

/** Weights of one layer, by the names of its modules. */
export class LayerWeights {
  private readonly path: string;

  constructor(
    private readonly weights: ModelWeights,
    index: number,
  ) {
    this.path = `model.layers.${index}`;
  }

  /** A norm's vector. */
  norm(module: string): Value {
    return this.weights.tensor(`${this.path}.${module}.weight`);
  }

  /** A linear layer's matrix [out, in], with the factors of its update. */
  linear(module: string): LinearWeights {
    const name = `${this.path}.${module}.weight`;
    return { weight: this.weights.tensor(name), lora: this.weights.lora(name) };
  }

  /** The same with a bias. */
  biased(module: string): LinearWeights {
    return { ...this.linear(module), bias: this.weights.tensor(`${this.path}.${module}.bias`) };
  }

  /** The three matrices of a gated feed-forward layer. */
  gatedMlp(): { readonly gate: LinearWeights; readonly up: LinearWeights; readonly down: LinearWeights } {
    return {
      gate: this.linear('mlp.gate_proj'),
      up: this.linear('mlp.up_proj'),
      down: this.linear('mlp.down_proj'),
    };
  }
}
