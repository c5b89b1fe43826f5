/** @file The inputs that all graphs over whole sequences share, and what they are fed with. */
import { present } from '#core';
import { ropeAttentionFactor, ropeInverseFrequencies, type LayerType, type ModelConfig } from '#ml/checkpoint';
import { productOf, type GraphBuilder, type Value } from '#ml/graph';
import type { PrefillInputs } from '#ml/models';
import { ropeCaches, type RopeTables } from '#ml/nn';
import { f32View, i64View, type SessionTensor } from '#ml/runtime';
import { slidingMask, type SequenceBatch } from '../batching/sequence-batch.js';

/** Sizes by their symbols: sequences, tokens per sequence, scored tokens, rows of the position tables. */
export const [SEQUENCES, TOKENS, SCORED, POSITIONS] = ['B', 'T', 'M', 'L'] as const;

/** Inputs that layers of one type share: full layers have the plain name. */
const inputName = (name: string, type: LayerType) => (type === 'full' ? name : `${name}.sliding`);

/** Position tables, declared when a layer of their type first asks for them. */
export function ropeInputs(g: GraphBuilder, { rotaryDim }: ModelConfig): (type: LayerType) => RopeTables {
  const shape = [POSITIONS, rotaryDim / 2];
  const table = (name: string, type: LayerType) => g.input(inputName(name, type), 'f32', shape);
  return oncePerType((type) => ({ cos: table('rope_cos', type), sin: table('rope_sin', type) }));
}

export function sequenceInputs(g: GraphBuilder, config: ModelConfig): PrefillInputs {
  const ids = g.input('ids', 'i64', [SEQUENCES, TOKENS]);
  const positions = g.input('positions', 'i64', [SEQUENCES, TOKENS]);
  const maskShape = [SEQUENCES, 1, 1, TOKENS, TOKENS];
  const masks = oncePerType((type) => g.input(inputName('mask', type), 'f32', maskShape) as Value<'B 1 1 T S'>);
  const ropes = ropeInputs(g, config);
  const layers = config.layerTypes.map((type) => ({ mask: masks(type), rope: ropes(type) }));
  return { ids, positions, layers };
}

/** Layers of one type share one value. */
export function oncePerType<T>(make: (type: LayerType) => T): (type: LayerType) => T {
  const made = new Map<LayerType, T>();
  return (type) => {
    const value = made.get(type) ?? make(type);
    made.set(type, value);
    return value;
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
    ...tables.maskFeeds(batch),
    rows: i64View([batch.rows.length], batch.rows),
    ...tables.feeds(batch.positionCount),
  };
}

/** Fewest rows that the tables are made with. */
const POSITIONS_MIN = 256;

/** What layers of each type need to know of positions: tables of rotary angles, grown by doubling, and masks. */
export class PositionTables {
  private readonly types: readonly LayerType[];
  private rows = 0;
  private tables: Readonly<Record<string, SessionTensor>> | undefined;

  constructor(private readonly config: ModelConfig) {
    this.types = [...new Set(config.layerTypes)];
  }

  /** Tables of at least `positionCount` rows. */
  feeds(positionCount: number): Readonly<Record<string, SessionTensor>> {
    if (this.tables && positionCount <= this.rows) return this.tables;
    this.rows = Math.max(POSITIONS_MIN, 2 ** Math.ceil(Math.log2(positionCount)));
    const { rope, slidingRope, rotaryDim } = this.config;
    const tables: Record<string, SessionTensor> = {};
    for (const type of this.types) {
      const own = type === 'full' ? rope : slidingRope;
      const { cos, sin } = ropeCaches(ropeInverseFrequencies(own, rotaryDim), this.rows, ropeAttentionFactor(own));
      tables[inputName('rope_cos', type)] = f32View(cos.dims, cos.data);
      tables[inputName('rope_sin', type)] = f32View(sin.dims, sin.data);
    }
    this.tables = tables;
    return tables;
  }

  /** Masks of whole sequences. */
  maskFeeds(batch: SequenceBatch): Record<string, SessionTensor> {
    const { sequenceCount: b, length: t } = batch;
    const masks: Record<string, SessionTensor> = {};
    for (const type of this.types) {
      const mask = type === 'full' ? batch.mask : slidingMask(batch, present(this.config.slidingWindow, 'window'));
      masks[inputName('mask', type)] = f32View([b, 1, 1, t, t], mask);
    }
    return masks;
  }
}
