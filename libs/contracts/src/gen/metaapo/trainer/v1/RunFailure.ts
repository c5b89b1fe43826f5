// From proto/metaapo/trainer/v1/trainer.proto


/**
 * Says why a run failed.
 */
export interface RunFailure {
  /**
   * Stable reason in UPPER_SNAKE.
   */
  'reason'?: (string);
  /**
   * For people: what was expected, what came, where, and what to do.
   */
  'message'?: (string);
}

/**
 * Says why a run failed.
 */
export interface RunFailure__Output {
  /**
   * Stable reason in UPPER_SNAKE.
   */
  'reason': (string);
  /**
   * For people: what was expected, what came, where, and what to do.
   */
  'message': (string);
}
