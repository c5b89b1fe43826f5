/** @file What the command and the process that trains say to each other. */
import type { ThreadError } from '#ml/engine';
import type { RewardTrainingJob, RewardTrainingRecord, TrainingProgress } from '#ml/reward-training';

export type ToTraining =
  | { readonly type: 'start'; readonly job: RewardTrainingJob; readonly since: string }
  /** Keep what is done and end. */
  | { readonly type: 'stop' };

export type FromTraining =
  | { readonly type: 'progress'; readonly progress: TrainingProgress }
  | { readonly type: 'note'; readonly text: string }
  | TrainingEnd;

/** The last message. */
export type TrainingEnd =
  | { readonly type: 'done'; readonly record: RewardTrainingRecord }
  | { readonly type: 'stopped' }
  /** Another process works in the directory; who, as far as it is known. */
  | { readonly type: 'busy'; readonly holder: string }
  | { readonly type: 'failed'; readonly error: ThreadError };
