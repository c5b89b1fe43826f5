// From proto/metaapo/reward/v1/reward.proto


/**
 * Is a response with the scores of two models.
 */
export interface SwapDisagreementResponse {
  /**
   * The response.
   */
  'text'?: (string);
  /**
   * Score of the model in service; absent where it failed.
   */
  'liveScore'?: (number | string);
  /**
   * Score of the staged model; absent where it failed.
   */
  'stagedScore'?: (number | string);
  '_liveScore'?: "liveScore";
  '_stagedScore'?: "stagedScore";
}

/**
 * Is a response with the scores of two models.
 */
export interface SwapDisagreementResponse__Output {
  /**
   * The response.
   */
  'text': (string);
  /**
   * Score of the model in service; absent where it failed.
   */
  'liveScore'?: (number);
  /**
   * Score of the staged model; absent where it failed.
   */
  'stagedScore'?: (number);
  '_liveScore'?: "liveScore";
  '_stagedScore'?: "stagedScore";
}
