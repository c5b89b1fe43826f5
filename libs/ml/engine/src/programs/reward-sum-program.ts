/**
 * @file The gradient of a weighted sum of rewards, Σ cₘ·rₘ, with the coefficients fed: for pairs that are too long to go
 * through the model in one piece, whose slopes are known already.
 */
import type { TensorMap } from '#core';
import { GraphBuilder } from '#ml/graph';
import { f32View, type OnnxSession } from '#ml/runtime';
import type { SequenceBatch } from '../batching/sequence-batch.js';
import { gradientsOf, outputGradients } from './gradient-outputs.js';
import { isElementwiseOrScores } from './kept-values.js';
import type { ProgramContext } from './program-context.js';
import { rewardGraph } from './reward-graph.js';
import { SCORED, sequenceFeeds } from './sequence-io.js';
import { weightFeeds, type LoraTargets, type WeightSet } from './weights.js';

export class RewardSumProgram {
  private constructor(
    private readonly context: ProgramContext,
    private readonly session: OnnxSession,
    private readonly trainableNames: readonly string[],
  ) {}

  /** @param lora absent for full training */
  static async create(context: ProgramContext, lora?: LoraTargets): Promise<RewardSumProgram> {
    const g = GraphBuilder.create();
    const { rewards, trainable } = rewardGraph(g, context, lora);
    const sum = g.reduceSum(g.mul(rewards, g.input('coefficients', 'f32', [SCORED])), [0]);
    const trainableNames = outputGradients(g, sum, trainable);
    const session = await context.compile('reward sum', g, { memory: 'returned', isCheap: isElementwiseOrScores });
    return new RewardSumProgram(context, session, trainableNames);
  }

  /** @param coefficients one for each target of the batch, in its order */
  async run(weights: WeightSet, batch: SequenceBatch, coefficients: readonly number[]): Promise<TensorMap> {
    const results = await this.session.run({
      ...weightFeeds(this.session, weights),
      ...sequenceFeeds(batch, this.context.positions),
      coefficients: f32View([coefficients.length], Float32Array.from(coefficients)),
    });
    return gradientsOf(results, this.trainableNames);
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}
