/** @file What every program is built from. */
import type { ModelConfig } from '#ml/checkpoint';
import { encodeOnnx, type GraphBuilder } from '#ml/graph';
import { decoderModel, type DecoderModel } from '#ml/models';
import { OnnxSession } from '#ml/runtime';
import { PositionTables } from './sequence-io.js';

export interface ProgramOptions {
  readonly intraOpThreads: number;
  readonly executionProvider: string;
}

export class ProgramContext {
  readonly model: DecoderModel;
  readonly positions: PositionTables;

  constructor(
    readonly config: ModelConfig,
    private readonly options: ProgramOptions,
  ) {
    this.model = decoderModel(config.architecture);
    this.positions = new PositionTables(config);
  }

  /** A session for a finished graph. */
  async compile(name: string, g: GraphBuilder): Promise<OnnxSession> {
    return OnnxSession.create(encodeOnnx(g.graph), { name, ...this.options });
  }
}
