/** @file One optimizer step: the mean loss of a batch of pairs, its gradient clipped, AdamW. */
import { present } from '#core';
import type { RewardTrainer, RewardStep } from '#ml/engine';
import { clipFactor, globalNorm, type AdamWState, type Optimizer } from '#ml/optim';
import type { EncodedPair } from './encode-pairs.js';
import type { TrainingControl } from './training-control.js';
import type { TrainingPlan } from './training-plan.js';
import type { StepRecord, TrainingState } from './training-state.js';

export interface StepParts {
  readonly trainer: RewardTrainer;
  readonly plan: TrainingPlan;
  readonly pairs: readonly EncodedPair[];
  readonly optimizer: Optimizer<AdamWState>;
  /** Largest gradient norm. */
  readonly clip: number;
}

/** The state after one more step. @throws GradientNotFiniteError; TrainingStopped, and the state before is the last */
export async function trainStep(
  { trainer, plan, pairs, optimizer, clip }: StepParts,
  state: TrainingState,
  control: TrainingControl,
): Promise<TrainingState> {
  const step = state.steps.length;
  const batch = plan.batch(step).map((index) => present(pairs[index], `pair ${index}`));
  const { rows, gradients, tokenCount } = await trainer.step(await trainer.weightsOf(state.trained), batch, control);
  const gradientNorm = globalNorm(gradients);
  const learningRate = plan.learningRate(step);
  const next = optimizer.step(state.trained, gradients, {
    state: state.optimizer,
    learningRate,
    gradientFactor: clipFactor(gradientNorm, clip),
  });
  const record: StepRecord = {
    step: step + 1,
    epoch: plan.epochOf(step),
    pairCount: batch.length,
    tokenCount,
    ...figuresOf(rows),
    gradientNorm,
    learningRate,
  };
  return { ...state, trained: next.parameters, optimizer: next.state, steps: [...state.steps, record] };
}

function figuresOf(rows: RewardStep['rows']) {
  const mean = (of: (row: RewardStep['rows'][number]) => number) =>
    rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  return {
    loss: mean(({ loss }) => loss),
    accuracy: mean(({ chosen, rejected }) => (chosen > rejected ? 1 : 0)),
    chosenMean: mean(({ chosen }) => chosen),
    rejectedMean: mean(({ rejected }) => rejected),
  };
}
