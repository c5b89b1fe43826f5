// From proto/metaapo/reward/v1/reward.proto


/**
 * Is a figure with its 95 % interval, from 1000 resamples of the items (percentile bootstrap).
 */
export interface Interval {
  /**
   * From all items.
   */
  'estimate'?: (number | string);
  /**
   * Lower end.
   */
  'low'?: (number | string);
  /**
   * Upper end.
   */
  'high'?: (number | string);
}

/**
 * Is a figure with its 95 % interval, from 1000 resamples of the items (percentile bootstrap).
 */
export interface Interval__Output {
  /**
   * From all items.
   */
  'estimate': (number);
  /**
   * Lower end.
   */
  'low': (number);
  /**
   * Upper end.
   */
  'high': (number);
}
