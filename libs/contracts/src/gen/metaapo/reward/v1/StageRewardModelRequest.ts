// From proto/metaapo/reward/v1/reward.proto


/**
 * Request for `StageRewardModel`.
 */
export interface StageRewardModelRequest {
  /**
   * Required. Name to stage under, one of those that the service serves.
   */
  'rewardModel'?: (string);
  /**
   * Identifies the request. Any string up to 128 characters; empty: the request is one of its own.
   */
  'requestId'?: (string);
  /**
   * Required. What to load: JSON as one value of the service's REWARD_MODELS, for instance `{"backend":"vader"}`. Paths
   * are those of the service's machine.
   */
  'specJson'?: (string);
  /**
   * Who asks, for the history: free text of up to 128 characters, which nobody checks.
   */
  'requester'?: (string);
  /**
   * Why, for the history: free text of up to 1024 characters.
   */
  'reason'?: (string);
}

/**
 * Request for `StageRewardModel`.
 */
export interface StageRewardModelRequest__Output {
  /**
   * Required. Name to stage under, one of those that the service serves.
   */
  'rewardModel': (string);
  /**
   * Identifies the request. Any string up to 128 characters; empty: the request is one of its own.
   */
  'requestId': (string);
  /**
   * Required. What to load: JSON as one value of the service's REWARD_MODELS, for instance `{"backend":"vader"}`. Paths
   * are those of the service's machine.
   */
  'specJson': (string);
  /**
   * Who asks, for the history: free text of up to 128 characters, which nobody checks.
   */
  'requester': (string);
  /**
   * Why, for the history: free text of up to 1024 characters.
   */
  'reason': (string);
}
