/** @file Reward models trained on preference pairs: from files of pairs to a folder that `lm-classifier` serves. */
export { initialHead } from './trained-tensors.js';
export type { RewardTrainingJob } from './open-training.js';
export { TrainingStopped } from './reward-training.errors.js';
export type { RewardTrainingSettings } from './settings.js';
export { trainRewardModel } from './train-reward-model.js';
export type { TrainingControl, TrainingPhase, TrainingProgress } from './training-control.js';
export type { HeldOutPair, RewardTrainingRecord, TrainedModel, TrainingData } from './training-record.js';
export { CHECKPOINT_FILE, type StepRecord } from './training-state.js';

// For tests: a tiny language model, and pairs with a preference that can be learned.
export { pairRows, writeRows, writeTinyBase } from './testing/tiny-training.js';
