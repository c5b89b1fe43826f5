// From proto/inference/open_inference.proto


/**
 * Response of `ServerLive`.
 */
export interface ServerLiveResponse {
  /**
   * True when the server runs.
   */
  'live'?: (boolean);
}

/**
 * Response of `ServerLive`.
 */
export interface ServerLiveResponse__Output {
  /**
   * True when the server runs.
   */
  'live': (boolean);
}
