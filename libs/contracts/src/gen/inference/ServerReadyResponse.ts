// From proto/inference/open_inference.proto


/**
 * Response of `ServerReady`.
 */
export interface ServerReadyResponse {
  /**
   * True when the server takes inference requests.
   */
  'ready'?: (boolean);
}

/**
 * Response of `ServerReady`.
 */
export interface ServerReadyResponse__Output {
  /**
   * True when the server takes inference requests.
   */
  'ready': (boolean);
}
