/**
 * @file Labels of whole sequences: one forward pass, and the head reads one hidden state of each.
 *
 *   z = h[b, row]·Wᵀ      W [labels, C]
 *
 * Source of truth: transformers' `GenericForSequenceClassification`.
 */
import { GraphBuilder } from '#ml/graph';
import { outputLogits } from '#ml/nn';
import type { OnnxSession } from '#ml/runtime';
import type { SequenceBatch } from '../batching/sequence-batch.js';
import type { ProgramContext } from './program-context.js';
import { scoredRows, sequenceFeeds, sequenceInputs } from './sequence-io.js';
import { WeightInputs, weightFeeds, type WeightSet } from './weights.js';

export const CLASSIFIER_HEAD = 'score.weight';

export class ClassifyProgram {
  private constructor(
    private readonly context: ProgramContext,
    private readonly session: OnnxSession,
  ) {}

  static async create(context: ProgramContext, labelCount: number): Promise<ClassifyProgram> {
    const { config, model } = context;
    const g = GraphBuilder.create();
    const { hidden } = model.prefill(g, config, new WeightInputs(g, config), sequenceInputs(g, config));
    const head = g.input(CLASSIFIER_HEAD, 'f32', [labelCount, config.hiddenSize]);
    g.output('logits', outputLogits(g.scope('head'), scoredRows(g, hidden, config), head));
    return new ClassifyProgram(context, await context.compile('classify', g));
  }

  /** [M, labels], in the order of the batch's targets. */
  async run(weights: WeightSet, batch: SequenceBatch): Promise<Float32Array> {
    const results = await this.session.run({
      ...weightFeeds(this.session, weights),
      ...sequenceFeeds(batch, this.context.positions),
    });
    return results.f32('logits');
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}
