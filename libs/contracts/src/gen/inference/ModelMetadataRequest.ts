// From proto/inference/open_inference.proto


/**
 * Request for `ModelMetadata`.
 */
export interface ModelMetadataRequest {
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
 * Request for `ModelMetadata`.
 */
export interface ModelMetadataRequest__Output {
  /**
   * Required. Name of the reward model.
   */
  'name': (string);
  /**
   * Epoch, as a decimal number; empty means the one in service.
   */
  'version': (string);
}
