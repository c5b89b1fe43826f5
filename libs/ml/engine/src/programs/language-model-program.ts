/**
 * @file Next-token cross-entropy and its gradient with respect to every weight: pre-training and SFT.
 *
 *   L = −f·Σ log p(target)     f is fed: 1 / tokens of the whole batch gives a mean over micro-batches
 */
import { present, type TensorMap } from '#core';
import { tokenLogProbs } from '#ml/autodiff';
import { GraphBuilder, type Value } from '#ml/graph';
import { f32View, i64View, type OnnxSession } from '#ml/runtime';
import type { SequenceBatch } from '../batching/sequence-batch.js';
import { gradientsOf, outputGradients } from './gradient-outputs.js';
import type { ProgramContext } from './program-context.js';
import { SCORED, scoredRows, sequenceFeeds, sequenceInputs } from './sequence-io.js';
import { WeightInputs, weightFeeds, type WeightSet } from './weights.js';

export class LanguageModelProgram {
  private constructor(
    private readonly context: ProgramContext,
    private readonly session: OnnxSession,
    private readonly trainableNames: readonly string[],
  ) {}

  static async create(context: ProgramContext): Promise<LanguageModelProgram> {
    const { config, model } = context;
    const g = GraphBuilder.create();
    const weights = new WeightInputs(g, config);
    const { hidden } = model.prefill(g, config, weights, sequenceInputs(g, config));
    const logProbs = tokenLogProbs(g.scope('head'), {
      hidden: scoredRows(g, hidden, config),
      headWeight: weights.tensor(model.headName(config)) as Value<'V C'>,
      targets: g.input('targets', 'i64', [SCORED]) as Value<'M'>,
    });
    const loss = g.neg(g.mul(g.reduceSum(logProbs, [0]), g.input('factor', 'f32', [])));
    g.output('loss', loss);
    const trainableNames = outputGradients(g, loss, weights.trainable());
    return new LanguageModelProgram(
      context,
      await context.compile('language model', g, { memory: 'returned' }),
      trainableNames,
    );
  }

  async run(
    weights: WeightSet,
    batch: SequenceBatch,
    factor: number,
  ): Promise<{ readonly loss: number; readonly gradients: TensorMap }> {
    const results = await this.session.run({
      ...weightFeeds(this.session, weights),
      ...sequenceFeeds(batch, this.context.positions),
      targets: i64View([batch.targets.length], batch.targets),
      factor: f32View([], Float32Array.of(factor)),
    });
    const gradients = gradientsOf(results, this.trainableNames);
    return { loss: present(results.f32('loss')[0], 'loss'), gradients };
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}
