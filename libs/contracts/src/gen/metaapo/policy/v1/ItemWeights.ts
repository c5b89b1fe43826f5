// From proto/metaapo/policy/v1/policy.proto


/**
 * Gives one weight per item, in item order.
 */
export interface ItemWeights {
  /**
   * Weight of the offline pair's loss, each in [0, 1]. As many as items.
   */
  'weights'?: (number | string)[];
}

/**
 * Gives one weight per item, in item order.
 */
export interface ItemWeights__Output {
  /**
   * Weight of the offline pair's loss, each in [0, 1]. As many as items.
   */
  'weights': (number)[];
}
