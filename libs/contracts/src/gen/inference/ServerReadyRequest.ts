// From proto/inference/open_inference.proto


/**
 * Request for `ServerReady`.
 */
export interface ServerReadyRequest {
}

/**
 * Request for `ServerReady`.
 */
export interface ServerReadyRequest__Output {
}
