// From proto/metaapo/policy/v1/policy.proto


/**
 * Response of `DropAdapter`.
 */
export interface DropAdapterResponse {
  /**
   * True when it was resident.
   */
  'wasResident'?: (boolean);
}

/**
 * Response of `DropAdapter`.
 */
export interface DropAdapterResponse__Output {
  /**
   * True when it was resident.
   */
  'wasResident': (boolean);
}
