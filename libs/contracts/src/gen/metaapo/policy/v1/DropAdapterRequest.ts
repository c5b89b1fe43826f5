// From proto/metaapo/policy/v1/policy.proto


/**
 * Request for `DropAdapter`.
 */
export interface DropAdapterRequest {
  /**
   * Required. Digest of the adapter.
   */
  'digest'?: (string);
}

/**
 * Request for `DropAdapter`.
 */
export interface DropAdapterRequest__Output {
  /**
   * Required. Digest of the adapter.
   */
  'digest': (string);
}
