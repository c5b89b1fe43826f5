/**
 * @file A reward model's whole training: read, measure, train, measure again, write. Everything it draws and computes is a
 * function of settings, files and seed; wherever it is killed, the next start goes on to the same bytes.
 */
import { present, systemClock, type Clock } from '#core';
import { parameterCount } from '#ml/adapters';
import { classifierName } from '#ml/checkpoint';
import type { PairRewards } from '#ml/engine';
import type { EncodedPair } from './encode-pairs.js';
import { openTraining, type RewardTrainingJob, type Training } from './open-training.js';
import { TrainingStopped } from './reward-training.errors.js';
import { trainStep } from './train-step.js';
import type { TrainingControl, TrainingPhase } from './training-control.js';
import type { HeldOutPair, RewardTrainingRecord, TrainedModel } from './training-record.js';
import { writeState, type TrainingState } from './training-state.js';
import { writeResult } from './write-result.js';

/** Held-out pairs between two signs of life. */
const MEASURED_AT_ONCE = 16;

/** @throws TrainingStopped when it was asked to stop: everything done is kept; and the refusals of `openTraining` */
export async function trainRewardModel(
  job: RewardTrainingJob,
  control: TrainingControl,
  clock: Clock = systemClock,
): Promise<RewardTrainingRecord> {
  control.progress({ phase: 'read', doneCount: 0, totalCount: 1 });
  const { training, state: start } = await openTraining(job, control, clock);
  try {
    control.progress({ phase: 'read', doneCount: 1, totalCount: 1 });
    const state = await trainToTheEnd(training, start, control);
    const after = await measure(training, state, 'measure after', control);
    const model = await write(training, state, control);
    const { counts, overlap, trainDigest, heldOutDigest, heldOut } = training.read;
    const before = present(state.before, 'rewards before training');
    return {
      model,
      data: { counts, overlap, trainDigest, heldOutDigest },
      steps: state.steps,
      heldOut: heldOut.map((pair, index) => heldOutPair(pair, before[index], after[index])),
      workMs: training.workMs(),
    };
  } finally {
    await training.trainer.dispose();
  }
}

/** Measures, then takes step after step, keeping the state now and then and when asked to stop. */
async function trainToTheEnd(
  training: Training,
  start: TrainingState,
  control: TrainingControl,
): Promise<TrainingState> {
  const { job, plan } = training;
  const keep = async (state: TrainingState): Promise<number> => {
    await writeState(job.runDirectory, { ...state, workMs: training.workMs() }, training);
    return state.steps.length;
  };
  let state = start;
  let keptStepCount = start.steps.length;
  if (state.before === null) {
    state = { ...state, before: await measure(training, state, 'measure before', control) };
    keptStepCount = await keep(state);
  }
  control.progress({ phase: 'train', doneCount: state.steps.length, totalCount: plan.stepCount });
  try {
    while (state.steps.length < plan.stepCount) {
      state = await trainStep(training, state, control);
      const { length: done } = state.steps;
      const { loss, accuracy } = present(state.steps.at(-1), 'step');
      control.progress({ phase: 'train', doneCount: done, totalCount: plan.stepCount, figures: { loss, accuracy } });
      if (done % job.settings.checkpointSteps === 0 || done === plan.stepCount) keptStepCount = await keep(state);
    }
  } catch (thrown) {
    if (thrown instanceof TrainingStopped && state.steps.length > keptStepCount) await keep(state);
    throw thrown;
  }
  return state;
}

/** Rewards of the held-out pairs. */
async function measure(
  { trainer, read: { heldOut } }: Training,
  state: TrainingState,
  phase: TrainingPhase,
  control: TrainingControl,
): Promise<PairRewards[]> {
  const weights = await trainer.weightsOf(state.trained);
  const rewards: PairRewards[] = [];
  while (rewards.length < heldOut.length) {
    control.progress({ phase, doneCount: rewards.length, totalCount: heldOut.length });
    const part = heldOut.slice(rewards.length, rewards.length + MEASURED_AT_ONCE);
    rewards.push(...(await trainer.rewards(weights, part, control)));
  }
  control.progress({ phase, doneCount: rewards.length, totalCount: heldOut.length });
  return rewards;
}

async function write(
  { job, base, spec, tokenizer, padToken, tokensMax }: Training,
  { trained }: TrainingState,
  control: TrainingControl,
): Promise<TrainedModel> {
  control.progress({ phase: 'write', doneCount: 0, totalCount: 1 });
  const { runDirectory, settings } = job;
  const { model, savesAdapter } = settings;
  const digest = await writeResult({ runDirectory, base, model, spec, savesAdapter }, trained);
  control.progress({ phase: 'write', doneCount: 1, totalCount: 1 });
  return {
    architecture: classifierName(base.config.architecture),
    training: model.training,
    trainedParameterCount: parameterCount(trained),
    digest,
    baseDigest: base.digest,
    tokenizerDigest: tokenizer.tokenizerDigest,
    templateDigest: tokenizer.templateDigest,
    padToken: padToken.token,
    tokensMax,
  };
}

function heldOutPair(
  { rowId, chosen, rejected }: EncodedPair,
  before: PairRewards | undefined,
  after: PairRewards | undefined,
): HeldOutPair {
  return {
    rowId,
    chosenTokenCount: chosen.length,
    rejectedTokenCount: rejected.length,
    before: present(before, `reward of ${rowId} before training`),
    after: present(after, `reward of ${rowId} after training`),
  };
}
