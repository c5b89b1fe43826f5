// From proto/metaapo/trainer/v1/trainer.proto


/**
 * Is what one optimizer step saw of a row.
 */
export interface PairUse {
  /**
   * `warm-up` or `train`.
   */
  'phase'?: (string);
  /**
   * Iteration, from 0.
   */
  'iteration'?: (number);
  /**
   * Step within the phase, from 0.
   */
  'step'?: (number);
  /**
   * Learning rate of the step.
   */
  'learningRate'?: (number | string);
  /**
   * w: the weight of the offline loss, 1 − w that of the online loss.
   */
  'weight'?: (number | string);
  /**
   * s under the policy of that step; absent where there is none.
   */
  'score'?: (number | string);
  /**
   * ℓ_off under the policy of that step.
   */
  'ellOff'?: (number | string);
  /**
   * ℓ_on under the policy of that step.
   */
  'ellOn'?: (number | string);
  /**
   * The row's loss.
   */
  'loss'?: (number | string);
  /**
   * Digest of the adapter after the step.
   */
  'adapterDigest'?: (string);
  '_score'?: "score";
  '_ellOff'?: "ellOff";
  '_ellOn'?: "ellOn";
}

/**
 * Is what one optimizer step saw of a row.
 */
export interface PairUse__Output {
  /**
   * `warm-up` or `train`.
   */
  'phase': (string);
  /**
   * Iteration, from 0.
   */
  'iteration': (number);
  /**
   * Step within the phase, from 0.
   */
  'step': (number);
  /**
   * Learning rate of the step.
   */
  'learningRate': (number);
  /**
   * w: the weight of the offline loss, 1 − w that of the online loss.
   */
  'weight': (number);
  /**
   * s under the policy of that step; absent where there is none.
   */
  'score'?: (number);
  /**
   * ℓ_off under the policy of that step.
   */
  'ellOff'?: (number);
  /**
   * ℓ_on under the policy of that step.
   */
  'ellOn'?: (number);
  /**
   * The row's loss.
   */
  'loss': (number);
  /**
   * Digest of the adapter after the step.
   */
  'adapterDigest': (string);
  '_score'?: "score";
  '_ellOff'?: "ellOff";
  '_ellOn'?: "ellOn";
}
