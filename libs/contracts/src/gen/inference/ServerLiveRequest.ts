// From proto/inference/open_inference.proto


/**
 * Request for `ServerLive`.
 */
export interface ServerLiveRequest {
}

/**
 * Request for `ServerLive`.
 */
export interface ServerLiveRequest__Output {
}
