// From proto/metaapo/reward/v1/reward.proto


/**
 * Request for `ListRewardModelVersions`.
 */
export interface ListRewardModelVersionsRequest {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel'?: (string);
  /**
   * Most events to return, the newest ones, in [1, 1000]. 0 means 100.
   */
  'eventCountMax'?: (number);
}

/**
 * Request for `ListRewardModelVersions`.
 */
export interface ListRewardModelVersionsRequest__Output {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel': (string);
  /**
   * Most events to return, the newest ones, in [1, 1000]. 0 means 100.
   */
  'eventCountMax': (number);
}
