// From proto/metaapo/policy/v1/policy.proto


/**
 * Sets how tokens are drawn.
 */
export interface Sampling {
  /**
   * Softmax temperature, in [0, 100]. 0 is greedy.
   */
  'temperature'?: (number | string);
  /**
   * Keep the k most likely tokens; 0 keeps all.
   */
  'topK'?: (number);
  /**
   * Keep the smallest set of most likely tokens whose probability reaches this, in (0, 1]. 0 means absent: keep all.
   */
  'topP'?: (number | string);
  /**
   * Most new tokens, in [1, context length].
   */
  'maxNewTokens'?: (number);
  /**
   * Stop texts; the sample ends before the first one that appears. At most 16, none empty.
   */
  'stop'?: (string)[];
}

/**
 * Sets how tokens are drawn.
 */
export interface Sampling__Output {
  /**
   * Softmax temperature, in [0, 100]. 0 is greedy.
   */
  'temperature': (number);
  /**
   * Keep the k most likely tokens; 0 keeps all.
   */
  'topK': (number);
  /**
   * Keep the smallest set of most likely tokens whose probability reaches this, in (0, 1]. 0 means absent: keep all.
   */
  'topP': (number);
  /**
   * Most new tokens, in [1, context length].
   */
  'maxNewTokens': (number);
  /**
   * Stop texts; the sample ends before the first one that appears. At most 16, none empty.
   */
  'stop': (string)[];
}
