// From proto/inference/open_inference.proto


/**
 * Response of `ModelReady`.
 */
export interface ModelReadyResponse {
  /**
   * True when the model answers.
   */
  'ready'?: (boolean);
}

/**
 * Response of `ModelReady`.
 */
export interface ModelReadyResponse__Output {
  /**
   * True when the model answers.
   */
  'ready': (boolean);
}
