// From proto/metaapo/trainer/v1/trainer.proto


/**
 * Request for `ExplainPair`.
 */
export interface ExplainPairRequest {
  /**
   * Required. Identifies the run.
   */
  'runId'?: (string);
  /**
   * Required. Row id.
   */
  'itemId'?: (string);
  /**
   * Iteration, from 0.
   */
  'iteration'?: (number);
}

/**
 * Request for `ExplainPair`.
 */
export interface ExplainPairRequest__Output {
  /**
   * Required. Identifies the run.
   */
  'runId': (string);
  /**
   * Required. Row id.
   */
  'itemId': (string);
  /**
   * Iteration, from 0.
   */
  'iteration': (number);
}
