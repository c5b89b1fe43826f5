// From proto/metaapo/policy/v1/policy.proto


/**
 * Holds how far the distribution that tokens are drawn from is from the float32 one after the same tokens: Kullback-Leibler
 * divergence in nats, over the whole vocabulary at temperature 1.
 */
export interface DecodeDivergence {
  /**
   * Mean over positions.
   */
  'meanKl'?: (number | string);
  /**
   * Largest of all positions.
   */
  'maxKl'?: (number | string);
  /**
   * Positions compared: of the first sample of every prompt, in the first unit that the latest policy generated.
   */
  'positionCount'?: (number);
}

/**
 * Holds how far the distribution that tokens are drawn from is from the float32 one after the same tokens: Kullback-Leibler
 * divergence in nats, over the whole vocabulary at temperature 1.
 */
export interface DecodeDivergence__Output {
  /**
   * Mean over positions.
   */
  'meanKl': (number);
  /**
   * Largest of all positions.
   */
  'maxKl': (number);
  /**
   * Positions compared: of the first sample of every prompt, in the first unit that the latest policy generated.
   */
  'positionCount': (number);
}
