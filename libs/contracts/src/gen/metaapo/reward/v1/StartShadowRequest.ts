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
   * Share of live items that the staged model scores too, in [0, 1]; 0 stops the shadow and keeps what it has seen.
   */
  'trafficFraction'?: (number | string);
  /**
   * Identifies the request, as in `StageRewardModelRequest`.
   */
  'requestId'?: (string);
  /**
   * True: the staged model may be asked although its scores may cost something outside of this service.
   */
  'allowCost'?: (boolean);
  /**
   * Who asks, as in `StageRewardModelRequest`.
   */
  'requester'?: (string);
  /**
   * Why, as in `StageRewardModelRequest`.
   */
  'reason'?: (string);
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
   * Share of live items that the staged model scores too, in [0, 1]; 0 stops the shadow and keeps what it has seen.
   */
  'trafficFraction': (number);
  /**
   * Identifies the request, as in `StageRewardModelRequest`.
   */
  'requestId': (string);
  /**
   * True: the staged model may be asked although its scores may cost something outside of this service.
   */
  'allowCost': (boolean);
  /**
   * Who asks, as in `StageRewardModelRequest`.
   */
  'requester': (string);
  /**
   * Why, as in `StageRewardModelRequest`.
   */
  'reason': (string);
}
