// From proto/metaapo/trainer/v1/trainer.proto

import type { TrainingRun as _metaapo_trainer_v1_TrainingRun, TrainingRun__Output as _metaapo_trainer_v1_TrainingRun__Output } from '../../../metaapo/trainer/v1/TrainingRun.js';

/**
 * Response of `GetTrainingRun`.
 */
export interface GetTrainingRunResponse {
  /**
   * The run.
   */
  'run'?: (_metaapo_trainer_v1_TrainingRun | null);
}

/**
 * Response of `GetTrainingRun`.
 */
export interface GetTrainingRunResponse__Output {
  /**
   * The run.
   */
  'run': (_metaapo_trainer_v1_TrainingRun__Output | null);
}
