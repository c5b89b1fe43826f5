/** @file Which pairs each optimizer step sees, and at which learning rate: a function of settings and seed alone. */
import { Rng } from '#core';
import { scheduleFactor, warmupStepsOf } from '#ml/optim';
import type { RewardTrainingSettings } from './settings.js';

export class TrainingPlan {
  readonly stepCount: number;
  private readonly stepsPerEpoch: number;
  private order: { readonly epoch: number; readonly indices: readonly number[] } | undefined;

  constructor(
    private readonly settings: Pick<RewardTrainingSettings, 'seed' | 'epochCount' | 'optimizer'>,
    private readonly pairCount: number,
  ) {
    this.stepsPerEpoch = Math.ceil(pairCount / settings.optimizer.batchSize);
    this.stepCount = Math.max(1, Math.ceil(settings.epochCount * this.stepsPerEpoch));
  }

  /** Epoch of a step, both counted from 0. */
  epochOf(step: number): number {
    return Math.floor(step / this.stepsPerEpoch);
  }

  /** Indices of the pairs of a step; each epoch has an order of its own. */
  batch(step: number): readonly number[] {
    const epoch = this.epochOf(step);
    if (this.order?.epoch !== epoch) {
      const all = Array.from({ length: this.pairCount }, (_, index) => index);
      this.order = { epoch, indices: new Rng('order of pairs', this.settings.seed, epoch).shuffled(all) };
    }
    const { batchSize } = this.settings.optimizer;
    const start = (step % this.stepsPerEpoch) * batchSize;
    return this.order.indices.slice(start, start + batchSize);
  }

  learningRate(step: number): number {
    const { learningRate, schedule } = this.settings.optimizer;
    const { kind, leastFactor, warmUpRatio } = schedule;
    const warmupSteps = warmupStepsOf(this.stepCount, warmUpRatio);
    return learningRate * scheduleFactor({ kind, totalSteps: this.stepCount, warmupSteps, leastFactor }, step);
  }
}
