// From proto/metaapo/trainer/v1/trainer.proto


/**
 * Request for `ListTrainingRuns`.
 */
export interface ListTrainingRunsRequest {
  /**
   * Most runs to return, in [1, 1000]. 0 means 100.
   */
  'pageSize'?: (number);
  /**
   * Token from an earlier response; empty for the first page.
   */
  'pageToken'?: (string);
}

/**
 * Request for `ListTrainingRuns`.
 */
export interface ListTrainingRunsRequest__Output {
  /**
   * Most runs to return, in [1, 1000]. 0 means 100.
   */
  'pageSize': (number);
  /**
   * Token from an earlier response; empty for the first page.
   */
  'pageToken': (string);
}
