// From proto/metaapo/trainer/v1/trainer.proto


/**
 * Request for `GetTrainingRun`.
 */
export interface GetTrainingRunRequest {
  /**
   * Required. Identifies the run.
   */
  'runId'?: (string);
}

/**
 * Request for `GetTrainingRun`.
 */
export interface GetTrainingRunRequest__Output {
  /**
   * Required. Identifies the run.
   */
  'runId': (string);
}
