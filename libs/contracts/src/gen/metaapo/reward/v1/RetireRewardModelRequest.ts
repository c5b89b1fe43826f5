// From proto/metaapo/reward/v1/reward.proto


/**
 * Request for `RetireRewardModel`.
 */
export interface RetireRewardModelRequest {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel'?: (string);
  /**
   * Identifies the request.
   */
  'requestId'?: (string);
}

/**
 * Request for `RetireRewardModel`.
 */
export interface RetireRewardModelRequest__Output {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel': (string);
  /**
   * Identifies the request.
   */
  'requestId': (string);
}
