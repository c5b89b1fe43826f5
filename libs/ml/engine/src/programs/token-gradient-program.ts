/**
 * @file The gradient of a weighted sum of token log-probabilities, Σ_t c_t log p_t, with the coefficients fed.
 */
import type { TensorMap } from '#core';
import { tokenLogProbs } from '#ml/autodiff';
import { GraphBuilder, type Value } from '#ml/graph';
import { f32View, i64View, type OnnxSession } from '#ml/runtime';
import type { SequenceBatch } from '../batching/sequence-batch.js';
import { gradientsOf, outputGradients } from './gradient-outputs.js';
import { refuseUntrained } from './gradient-program.js';
import { isElementwiseOrScores } from './kept-values.js';
import type { ProgramContext } from './program-context.js';
import { SCORED, scoredRows, sequenceFeeds, sequenceInputs } from './sequence-io.js';
import { weightFeeds, type LoraTargets, type WeightSet } from './weights.js';

export class TokenGradientProgram {
  private constructor(
    private readonly context: ProgramContext,
    private readonly session: OnnxSession,
    private readonly trainableNames: readonly string[],
  ) {}

  /** @param lora absent for full training */
  static async create(context: ProgramContext, lora?: LoraTargets): Promise<TokenGradientProgram> {
    const { config, model } = context;
    const g = GraphBuilder.create();
    const weights = context.weights(g, lora);
    const { hidden } = model.prefill(g, config, weights, sequenceInputs(g, config));
    const logProbs = tokenLogProbs(g.scope('head'), {
      hidden: scoredRows(g, hidden, config),
      headWeight: weights.tensor(model.headName(config)) as Value<'V C'>,
      targets: g.input('targets', 'i64', [SCORED]) as Value<'M'>,
    });
    const sum = g.reduceSum(g.mul(logProbs, g.input('coefficients', 'f32', [SCORED])), [0]);
    refuseUntrained(weights, lora);
    const trainableNames = outputGradients(g, sum, weights.trainable());
    return new TokenGradientProgram(
      context,
      await context.compile('token gradient', g, { memory: 'returned', isCheap: isElementwiseOrScores }),
      trainableNames,
    );
  }

  /** @param coefficients one for each target of the batch, in its order */
  async run(weights: readonly WeightSet[], batch: SequenceBatch, coefficients: Float32Array): Promise<TensorMap> {
    const results = await this.session.run({
      ...weightFeeds(this.session, ...weights),
      ...sequenceFeeds(batch, this.context.positions),
      targets: i64View([batch.targets.length], batch.targets),
      coefficients: f32View([coefficients.length], coefficients),
    });
    return gradientsOf(results, this.trainableNames);
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}
