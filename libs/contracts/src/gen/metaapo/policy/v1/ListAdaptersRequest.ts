// From proto/metaapo/policy/v1/policy.proto


/**
 * Request for `ListAdapters`.
 */
export interface ListAdaptersRequest {
  /**
   * Most adapters to return, in [1, 1000]. 0 means 100.
   */
  'pageSize'?: (number);
  /**
   * Token from an earlier response; empty for the first page.
   */
  'pageToken'?: (string);
}

/**
 * Request for `ListAdapters`.
 */
export interface ListAdaptersRequest__Output {
  /**
   * Most adapters to return, in [1, 1000]. 0 means 100.
   */
  'pageSize': (number);
  /**
   * Token from an earlier response; empty for the first page.
   */
  'pageToken': (string);
}
