// From proto/metaapo/trainer/v1/trainer.proto


/**
 * Response of `ExplainPair`.
 */
export interface ExplainPairResponse {
  /**
   * Trace in which the row was annotated, 32 hexadecimal digits.
   */
  'traceId'?: (string);
  /**
   * Everything known of the row, as JSON.
   */
  'explanationJson'?: (string);
}

/**
 * Response of `ExplainPair`.
 */
export interface ExplainPairResponse__Output {
  /**
   * Trace in which the row was annotated, 32 hexadecimal digits.
   */
  'traceId': (string);
  /**
   * Everything known of the row, as JSON.
   */
  'explanationJson': (string);
}
