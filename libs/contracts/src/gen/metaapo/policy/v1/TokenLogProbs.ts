// From proto/metaapo/policy/v1/policy.proto


/**
 * Holds log-probabilities of one token sequence under one policy.
 */
export interface TokenLogProbs {
  /**
   * Natural log of the probability of each response token, end token included when it is scored.
   */
  'logProbs'?: (number | string)[];
}

/**
 * Holds log-probabilities of one token sequence under one policy.
 */
export interface TokenLogProbs__Output {
  /**
   * Natural log of the probability of each response token, end token included when it is scored.
   */
  'logProbs': (number)[];
}
