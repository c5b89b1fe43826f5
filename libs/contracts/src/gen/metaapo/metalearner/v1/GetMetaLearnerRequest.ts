// From proto/metaapo/metalearner/v1/metalearner.proto


/**
 * Request for `GetMetaLearner`.
 */
export interface GetMetaLearnerRequest {
  /**
   * Required. Run it belongs to.
   */
  'runId'?: (string);
}

/**
 * Request for `GetMetaLearner`.
 */
export interface GetMetaLearnerRequest__Output {
  /**
   * Required. Run it belongs to.
   */
  'runId': (string);
}
