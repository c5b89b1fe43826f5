// From proto/metaapo/trainer/v1/trainer.proto

import type { TrainingRun as _metaapo_trainer_v1_TrainingRun, TrainingRun__Output as _metaapo_trainer_v1_TrainingRun__Output } from '../../../metaapo/trainer/v1/TrainingRun.js';

/**
 * Response of `StartTrainingRun`.
 */
export interface StartTrainingRunResponse {
  /**
   * The run.
   */
  'run'?: (_metaapo_trainer_v1_TrainingRun | null);
  /**
   * True when an unfinished run is gone on with.
   */
  'resumed'?: (boolean);
  /**
   * True when the directory holds a finished run of this configuration: it is as it was, and nothing was done.
   */
  'finished'?: (boolean);
}

/**
 * Response of `StartTrainingRun`.
 */
export interface StartTrainingRunResponse__Output {
  /**
   * The run.
   */
  'run': (_metaapo_trainer_v1_TrainingRun__Output | null);
  /**
   * True when an unfinished run is gone on with.
   */
  'resumed': (boolean);
  /**
   * True when the directory holds a finished run of this configuration: it is as it was, and nothing was done.
   */
  'finished': (boolean);
}
