/** @file Prompts through the model: logits of chosen rows, and keys and values for the decoding that follows. */
import { GraphBuilder } from '#ml/graph';
import { outputLogits } from '#ml/nn';
import type { OnnxSession, RunResults } from '#ml/runtime';
import type { SequenceBatch } from '../batching/sequence-batch.js';
import type { ProgramContext } from './program-context.js';
import { scoredRows, sequenceFeeds, sequenceInputs } from './sequence-io.js';
import { weightFeeds, type WeightSet } from './weights.js';

export interface PrefillResult {
  /** [M, V] */
  readonly logits: Float32Array;
  /** Per layer: [B, K, T, D] each. */
  readonly keyValues: readonly { readonly k: Float32Array; readonly v: Float32Array }[];
}

export class PrefillProgram {
  private constructor(
    private readonly context: ProgramContext,
    private readonly session: OnnxSession,
  ) {}

  static async create(context: ProgramContext): Promise<PrefillProgram> {
    const { config, model } = context;
    const g = GraphBuilder.create();
    const weights = context.weights(g);
    const { hidden, keyValues } = model.prefill(g, config, weights, sequenceInputs(g, config));
    const head = weights.tensor(model.headName(config));
    g.output('logits', outputLogits(g.scope('head'), scoredRows(g, hidden, config), head));
    keyValues.forEach(({ k, v }, layer) => {
      g.output(`k.${layer}`, k);
      g.output(`v.${layer}`, v);
    });
    return new PrefillProgram(context, await context.compile('prefill', g));
  }

  async run(weights: WeightSet, batch: SequenceBatch): Promise<PrefillResult> {
    const results = await this.session.run(this.feeds(weights, batch));
    const keyValues = Array.from({ length: this.context.config.layerCount }, (_, layer) => ({
      k: results.f32(`k.${layer}`),
      v: results.f32(`v.${layer}`),
    }));
    return { logits: results.f32('logits'), keyValues };
  }

  /** The logits alone, [M, V]; the runtime then need not hand out keys and values. */
  async logits(weights: WeightSet, batch: SequenceBatch): Promise<Float32Array> {
    const results: RunResults = await this.session.run(this.feeds(weights, batch), ['logits']);
    return results.f32('logits');
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }

  private feeds(weights: WeightSet, batch: SequenceBatch) {
    return { ...weightFeeds(this.session, weights), ...sequenceFeeds(batch, this.context.positions) };
  }
}
