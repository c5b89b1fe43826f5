// From proto/inference/open_inference.proto


/**
 * Request for `ServerMetadata`.
 */
export interface ServerMetadataRequest {
}

/**
 * Request for `ServerMetadata`.
 */
export interface ServerMetadataRequest__Output {
}
