/**
 * @file Log-probabilities of given tokens: one forward pass, and only the rows that predict something meet the
 * vocabulary.
 */
import { tokenLogProbs } from '#ml/autodiff';
import { GraphBuilder, type Value } from '#ml/graph';
import { i64View, type OnnxSession } from '#ml/runtime';
import type { SequenceBatch } from '../batching/sequence-batch.js';
import type { ProgramContext } from './program-context.js';
import { SCORED, scoredRows, sequenceFeeds, sequenceInputs } from './sequence-io.js';
import { weightFeeds, type WeightSet } from './weights.js';

export class ScoreProgram {
  private constructor(
    private readonly context: ProgramContext,
    private readonly session: OnnxSession,
  ) {}

  static async create(context: ProgramContext): Promise<ScoreProgram> {
    const { config, model } = context;
    const g = GraphBuilder.create();
    const weights = context.weights(g);
    const { hidden } = model.prefill(g, config, weights, sequenceInputs(g, config));
    const logProbs = tokenLogProbs(g.scope('head'), {
      hidden: scoredRows(g, hidden, config),
      headWeight: weights.tensor(model.headName(config)) as Value<'V C'>,
      targets: g.input('targets', 'i64', [SCORED]) as Value<'M'>,
    });
    g.output('log_probs', logProbs);
    return new ScoreProgram(context, await context.compile('score', g));
  }

  /** [M], in the order of the batch's targets. */
  async run(weights: WeightSet, batch: SequenceBatch): Promise<Float32Array> {
    const results = await this.session.run({
      ...weightFeeds(this.session, weights),
      ...sequenceFeeds(batch, this.context.positions),
      targets: i64View([batch.targets.length], batch.targets),
    });
    return results.f32('log_probs');
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}
