// From proto/metaapo/trainer/v1/trainer.proto

import type { TrainingRun as _metaapo_trainer_v1_TrainingRun, TrainingRun__Output as _metaapo_trainer_v1_TrainingRun__Output } from '../../../metaapo/trainer/v1/TrainingRun.js';

/**
 * Response of `ListTrainingRuns`.
 */
export interface ListTrainingRunsResponse {
  /**
   * Runs, newest first.
   */
  'runs'?: (_metaapo_trainer_v1_TrainingRun)[];
  /**
   * Token of the next page; empty when this is the last.
   */
  'nextPageToken'?: (string);
}

/**
 * Response of `ListTrainingRuns`.
 */
export interface ListTrainingRunsResponse__Output {
  /**
   * Runs, newest first.
   */
  'runs': (_metaapo_trainer_v1_TrainingRun__Output)[];
  /**
   * Token of the next page; empty when this is the last.
   */
  'nextPageToken': (string);
}
