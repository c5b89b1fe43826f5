// From proto/metaapo/reward/v1/reward.proto


/**
 * Request for `StageRewardModel`.
 */
export interface StageRewardModelRequest {
  /**
   * Required. Name to stage under.
   */
  'rewardModel'?: (string);
  /**
   * Required. Kind of backend.
   */
  'backend'?: (string);
  /**
   * Where the backend finds the model: a path or a hub name.
   */
  'source'?: (string);
  /**
   * Identifies the request.
   */
  'requestId'?: (string);
}

/**
 * Request for `StageRewardModel`.
 */
export interface StageRewardModelRequest__Output {
  /**
   * Required. Name to stage under.
   */
  'rewardModel': (string);
  /**
   * Required. Kind of backend.
   */
  'backend': (string);
  /**
   * Where the backend finds the model: a path or a hub name.
   */
  'source': (string);
  /**
   * Identifies the request.
   */
  'requestId': (string);
}
