// From proto/metaapo/reward/v1/reward.proto

import type { Interval as _metaapo_reward_v1_Interval, Interval__Output as _metaapo_reward_v1_Interval__Output } from '../../../metaapo/reward/v1/Interval.js';

/**
 * Says how staged scores follow from those in service: staged = slope x live + intercept + residual.
 */
export interface AffineShift {
  /**
   * Slope.
   */
  'slope'?: (_metaapo_reward_v1_Interval | null);
  /**
   * Intercept.
   */
  'intercept'?: (_metaapo_reward_v1_Interval | null);
  /**
   * Root of the mean squared residual, in the unit of the staged scores.
   */
  'residualRms'?: (number | string);
  /**
   * The same, divided by the standard deviation of the staged scores, in [0, 1]; 0 when they are all equal.
   */
  'residualFraction'?: (number | string);
}

/**
 * Says how staged scores follow from those in service: staged = slope x live + intercept + residual.
 */
export interface AffineShift__Output {
  /**
   * Slope.
   */
  'slope': (_metaapo_reward_v1_Interval__Output | null);
  /**
   * Intercept.
   */
  'intercept': (_metaapo_reward_v1_Interval__Output | null);
  /**
   * Root of the mean squared residual, in the unit of the staged scores.
   */
  'residualRms': (number);
  /**
   * The same, divided by the standard deviation of the staged scores, in [0, 1]; 0 when they are all equal.
   */
  'residualFraction': (number);
}
