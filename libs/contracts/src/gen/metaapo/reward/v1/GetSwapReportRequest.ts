// From proto/metaapo/reward/v1/reward.proto


/**
 * Request for `GetSwapReport`.
 */
export interface GetSwapReportRequest {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel'?: (string);
}

/**
 * Request for `GetSwapReport`.
 */
export interface GetSwapReportRequest__Output {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel': (string);
}
