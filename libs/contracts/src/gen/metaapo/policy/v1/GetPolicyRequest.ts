// From proto/metaapo/policy/v1/policy.proto


/**
 * Request for `GetPolicy`.
 */
export interface GetPolicyRequest {
}

/**
 * Request for `GetPolicy`.
 */
export interface GetPolicyRequest__Output {
}
