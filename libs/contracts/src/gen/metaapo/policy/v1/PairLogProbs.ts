// From proto/metaapo/policy/v1/policy.proto


/**
 * Holds log-probability sums of a pair.
 */
export interface PairLogProbs {
  /**
   * Of the chosen response, natural log. A sum over tokens, or a mean for losses that average (SimPO, IPO_AVERAGE).
   */
  'chosen'?: (number | string);
  /**
   * Of the rejected response, likewise.
   */
  'rejected'?: (number | string);
}

/**
 * Holds log-probability sums of a pair.
 */
export interface PairLogProbs__Output {
  /**
   * Of the chosen response, natural log. A sum over tokens, or a mean for losses that average (SimPO, IPO_AVERAGE).
   */
  'chosen': (number);
  /**
   * Of the rejected response, likewise.
   */
  'rejected': (number);
}
