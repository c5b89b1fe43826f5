// From proto/metaapo/trainer/v1/trainer.proto


/**
 * Request for `ExplainPair`. Names the run by `run_id`, or by `run_directory`.
 */
export interface ExplainPairRequest {
  /**
   * Identifies a run that this trainer knows.
   */
  'runId'?: (string);
  /**
   * Required. Row id.
   */
  'itemId'?: (string);
  /**
   * Directory of any run on the trainer's machine: it need not be known, and may be under way, interrupted or finished.
   */
  'runDirectory'?: (string);
  /**
   * Folder that relative paths of the run's configuration start from. Empty: as the run says.
   */
  'baseDirectory'?: (string);
}

/**
 * Request for `ExplainPair`. Names the run by `run_id`, or by `run_directory`.
 */
export interface ExplainPairRequest__Output {
  /**
   * Identifies a run that this trainer knows.
   */
  'runId': (string);
  /**
   * Required. Row id.
   */
  'itemId': (string);
  /**
   * Directory of any run on the trainer's machine: it need not be known, and may be under way, interrupted or finished.
   */
  'runDirectory': (string);
  /**
   * Folder that relative paths of the run's configuration start from. Empty: as the run says.
   */
  'baseDirectory': (string);
}
