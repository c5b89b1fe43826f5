// From proto/metaapo/trainer/v1/trainer.proto


/**
 * Request for `StartTrainingRun`.
 */
export interface StartTrainingRunRequest {
  /**
   * Identifies the request.
   */
  'requestId'?: (string);
  /**
   * Required. Configuration as YAML; relative paths are relative to `base_directory`.
   */
  'configYaml'?: (string);
  /**
   * Directory that relative paths in the configuration start from, on the trainer's machine.
   */
  'baseDirectory'?: (string);
  /**
   * Directory of the run, on the trainer's machine. Created where absent.
   */
  'runDirectory'?: (string);
}

/**
 * Request for `StartTrainingRun`.
 */
export interface StartTrainingRunRequest__Output {
  /**
   * Identifies the request.
   */
  'requestId': (string);
  /**
   * Required. Configuration as YAML; relative paths are relative to `base_directory`.
   */
  'configYaml': (string);
  /**
   * Directory that relative paths in the configuration start from, on the trainer's machine.
   */
  'baseDirectory': (string);
  /**
   * Directory of the run, on the trainer's machine. Created where absent.
   */
  'runDirectory': (string);
}
