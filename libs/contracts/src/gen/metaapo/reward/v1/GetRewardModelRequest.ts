// From proto/metaapo/reward/v1/reward.proto


/**
 * Request for `GetRewardModel`.
 */
export interface GetRewardModelRequest {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel'?: (string);
}

/**
 * Request for `GetRewardModel`.
 */
export interface GetRewardModelRequest__Output {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel': (string);
}
