/** @file The inputs that all graphs over whole sequences share, and what they are fed with. */
import type { ModelConfig } from '#ml/checkpoint';
import { ropeInverseFrequencies } from '#ml/checkpoint';
import { productOf, type GraphBuilder, type Value } from '#ml/graph';
import type { PrefillInputs } from '#ml/models';
import { ropeCaches, type RopeTables } from '#ml/nn';
import { f32View, i64View, type SessionTensor } from '#ml/runtime';
import type { SequenceBatch } from '../batching/sequence-batch.js';

/** Sizes by their symbols: sequences, tokens per sequence, scored tokens, rows of the position tables. */
export const [SEQUENCES, TOKENS, SCORED, POSITIONS] = ['B', 'T', 'M', 'L'] as const;

export function ropeInputs(g: GraphBuilder, config: ModelConfig): RopeTables {
  const shape = [POSITIONS, config.headDim / 2];
  return { cos: g.input('rope_cos', 'f32', shape), sin: g.input('rope_sin', 'f32', shape) };
}

export function sequenceInputs(g: GraphBuilder, config: ModelConfig): PrefillInputs {
  return {
    ids: g.input('ids', 'i64', [SEQUENCES, TOKENS]),
    positions: g.input('positions', 'i64', [SEQUENCES, TOKENS]),
    mask: g.input('mask', 'f32', [SEQUENCES, 1, 1, TOKENS, TOKENS]) as Value<'B 1 1 T S'>,
    rope: ropeInputs(g, config),
  };
}

/** The hidden states that predict something: [B, T, C] → [M, C]. */
export function scoredRows(g: GraphBuilder, hidden: Value<'B T C'>, config: ModelConfig): Value<'M C'> {
  const rows = g.input('rows', 'i64', [SCORED]);
  const flat = g.reshape(hidden, [productOf([SEQUENCES, TOKENS]), config.hiddenSize]); // [B*T, C]
  return g.gather(flat, rows) as Value<'M C'>;
}

export function sequenceFeeds(batch: SequenceBatch, tables: PositionTables): Record<string, SessionTensor> {
  const { sequenceCount: b, length: t } = batch;
  return {
    ids: i64View([b, t], batch.ids),
    positions: i64View([b, t], batch.positions),
    mask: f32View([b, 1, 1, t, t], batch.mask),
    rows: i64View([batch.rows.length], batch.rows),
    ...tables.feeds(batch.positionCount),
  };
}

/** Fewest rows that the tables are made with. */
const POSITIONS_MIN = 256;

/** Tables of rotary angles, grown by doubling as longer sequences come. */
export class PositionTables {
  private readonly inverseFrequencies: Float64Array;
  private rows = 0;
  private tables: { readonly rope_cos: SessionTensor; readonly rope_sin: SessionTensor } | undefined;

  constructor(config: ModelConfig) {
    this.inverseFrequencies = ropeInverseFrequencies(config.rope, config.headDim);
  }

  /** Feeds with at least `positionCount` rows. */
  feeds(positionCount: number): { readonly rope_cos: SessionTensor; readonly rope_sin: SessionTensor } {
    if (this.tables && positionCount <= this.rows) return this.tables;
    this.rows = Math.max(POSITIONS_MIN, 2 ** Math.ceil(Math.log2(positionCount)));
    const { cos, sin } = ropeCaches(this.inverseFrequencies, this.rows);
    this.tables = { rope_cos: f32View(cos.dims, cos.data), rope_sin: f32View(sin.dims, sin.data) };
    return this.tables;
  }
}
