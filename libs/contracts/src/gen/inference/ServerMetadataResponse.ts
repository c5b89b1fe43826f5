// From proto/inference/open_inference.proto


/**
 * Response of `ServerMetadata`.
 */
export interface ServerMetadataResponse {
  /**
   * Name of the server's software.
   */
  'name'?: (string);
  /**
   * Version of the server's software.
   */
  'version'?: (string);
  /**
   * Extensions of the protocol that are served: none.
   */
  'extensions'?: (string)[];
}

/**
 * Response of `ServerMetadata`.
 */
export interface ServerMetadataResponse__Output {
  /**
   * Name of the server's software.
   */
  'name': (string);
  /**
   * Version of the server's software.
   */
  'version': (string);
  /**
   * Extensions of the protocol that are served: none.
   */
  'extensions': (string)[];
}
