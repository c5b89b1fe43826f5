// From proto/metaapo/reward/v1/reward.proto


/**
 * Request for `ListRewardModels`.
 */
export interface ListRewardModelsRequest {
  /**
   * Most models to return, in [1, 1000]. 0 means 100.
   */
  'pageSize'?: (number);
  /**
   * Token from an earlier response; empty for the first page.
   */
  'pageToken'?: (string);
}

/**
 * Request for `ListRewardModels`.
 */
export interface ListRewardModelsRequest__Output {
  /**
   * Most models to return, in [1, 1000]. 0 means 100.
   */
  'pageSize': (number);
  /**
   * Token from an earlier response; empty for the first page.
   */
  'pageToken': (string);
}
