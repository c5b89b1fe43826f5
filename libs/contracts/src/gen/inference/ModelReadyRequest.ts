// From proto/inference/open_inference.proto


/**
 * Request for `ModelReady`.
 */
export interface ModelReadyRequest {
  /**
   * Required. Name of the reward model.
   */
  'name'?: (string);
  /**
   * Epoch, as a decimal number; empty means the one in service.
   */
  'version'?: (string);
}

/**
 * Request for `ModelReady`.
 */
export interface ModelReadyRequest__Output {
  /**
   * Required. Name of the reward model.
   */
  'name': (string);
  /**
   * Epoch, as a decimal number; empty means the one in service.
   */
  'version': (string);
}
