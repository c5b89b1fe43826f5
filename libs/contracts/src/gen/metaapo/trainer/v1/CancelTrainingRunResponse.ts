// From proto/metaapo/trainer/v1/trainer.proto

import type { TrainingRun as _metaapo_trainer_v1_TrainingRun, TrainingRun__Output as _metaapo_trainer_v1_TrainingRun__Output } from '../../../metaapo/trainer/v1/TrainingRun.js';

/**
 * Response of `CancelTrainingRun`.
 */
export interface CancelTrainingRunResponse {
  /**
   * The run.
   */
  'run'?: (_metaapo_trainer_v1_TrainingRun | null);
}

/**
 * Response of `CancelTrainingRun`.
 */
export interface CancelTrainingRunResponse__Output {
  /**
   * The run.
   */
  'run': (_metaapo_trainer_v1_TrainingRun__Output | null);
}
