// From proto/metaapo/metalearner/v1/metalearner.proto


/**
 * Is one observation of the buffer.
 */
export interface BufferEntry {
  /**
   * Input s of the meta-learner.
   */
  'score'?: (number | string);
  /**
   * Preference score of the offline pair, beta inside.
   */
  'ellOff'?: (number | string);
  /**
   * Preference score of the online pair, beta inside.
   */
  'ellOn'?: (number | string);
}

/**
 * Is one observation of the buffer.
 */
export interface BufferEntry__Output {
  /**
   * Input s of the meta-learner.
   */
  'score': (number);
  /**
   * Preference score of the offline pair, beta inside.
   */
  'ellOff': (number);
  /**
   * Preference score of the online pair, beta inside.
   */
  'ellOn': (number);
}
