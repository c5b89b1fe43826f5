// From proto/metaapo/metalearner/v1/metalearner.proto


/**
 * Is one prompt that asks to be sampled.
 */
export interface GateItem {
  /**
   * Required. Row id; the draw depends on it.
   */
  'itemId'?: (string);
  /**
   * Score s = log sigmoid(input_beta * delta_off) of the offline pair, in (-∞, 0].
   */
  'score'?: (number | string);
}

/**
 * Is one prompt that asks to be sampled.
 */
export interface GateItem__Output {
  /**
   * Required. Row id; the draw depends on it.
   */
  'itemId': (string);
  /**
   * Score s = log sigmoid(input_beta * delta_off) of the offline pair, in (-∞, 0].
   */
  'score': (number);
}
