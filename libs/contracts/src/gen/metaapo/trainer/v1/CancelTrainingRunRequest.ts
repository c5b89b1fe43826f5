// From proto/metaapo/trainer/v1/trainer.proto


/**
 * Request for `CancelTrainingRun`.
 */
export interface CancelTrainingRunRequest {
  /**
   * Required. Identifies the run.
   */
  'runId'?: (string);
  /**
   * Identifies the request.
   */
  'requestId'?: (string);
}

/**
 * Request for `CancelTrainingRun`.
 */
export interface CancelTrainingRunRequest__Output {
  /**
   * Required. Identifies the run.
   */
  'runId': (string);
  /**
   * Identifies the request.
   */
  'requestId': (string);
}
