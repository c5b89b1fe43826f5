// From proto/metaapo/reward/v1/reward.proto


/**
 * Request for `StartShadow`.
 */
export interface StartShadowRequest {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel'?: (string);
  /**
   * Share of live traffic the staged model scores too, in (0, 1].
   */
  'trafficFraction'?: (number | string);
  /**
   * Identifies the request.
   */
  'requestId'?: (string);
}

/**
 * Request for `StartShadow`.
 */
export interface StartShadowRequest__Output {
  /**
   * Required. Name of the reward model.
   */
  'rewardModel': (string);
  /**
   * Share of live traffic the staged model scores too, in (0, 1].
   */
  'trafficFraction': (number);
  /**
   * Identifies the request.
   */
  'requestId': (string);
}
