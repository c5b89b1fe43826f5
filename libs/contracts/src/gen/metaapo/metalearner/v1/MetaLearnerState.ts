// From proto/metaapo/metalearner/v1/metalearner.proto

import type { Tensor as _metaapo_common_v1_Tensor, Tensor__Output as _metaapo_common_v1_Tensor__Output } from '../../../metaapo/common/v1/Tensor.js';
import type { MetaLearnerSettings as _metaapo_metalearner_v1_MetaLearnerSettings, MetaLearnerSettings__Output as _metaapo_metalearner_v1_MetaLearnerSettings__Output } from '../../../metaapo/metalearner/v1/MetaLearnerSettings.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Is the complete state of a meta-learner; float32 throughout, so that saving and restoring is bit-exact.
 */
export interface MetaLearnerState {
  /**
   * Counts updates, from 0.
   */
  'version'?: (number | string | Long);
  /**
   * AdamW steps taken.
   */
  'stepCount'?: (number | string | Long);
  /**
   * W1 [hidden], b1 [hidden], W2 [hidden], b2 [1], named `W1`, `b1`, `W2`, `b2`.
   */
  'parameters'?: (_metaapo_common_v1_Tensor)[];
  /**
   * First moments, same names and shapes.
   */
  'firstMoments'?: (_metaapo_common_v1_Tensor)[];
  /**
   * Second moments, same names and shapes.
   */
  'secondMoments'?: (_metaapo_common_v1_Tensor)[];
  /**
   * Settings it was created with, defaults filled in.
   */
  'settings'?: (_metaapo_metalearner_v1_MetaLearnerSettings | null);
}

/**
 * Is the complete state of a meta-learner; float32 throughout, so that saving and restoring is bit-exact.
 */
export interface MetaLearnerState__Output {
  /**
   * Counts updates, from 0.
   */
  'version': (string);
  /**
   * AdamW steps taken.
   */
  'stepCount': (string);
  /**
   * W1 [hidden], b1 [hidden], W2 [hidden], b2 [1], named `W1`, `b1`, `W2`, `b2`.
   */
  'parameters': (_metaapo_common_v1_Tensor__Output)[];
  /**
   * First moments, same names and shapes.
   */
  'firstMoments': (_metaapo_common_v1_Tensor__Output)[];
  /**
   * Second moments, same names and shapes.
   */
  'secondMoments': (_metaapo_common_v1_Tensor__Output)[];
  /**
   * Settings it was created with, defaults filled in.
   */
  'settings': (_metaapo_metalearner_v1_MetaLearnerSettings__Output | null);
}
