// From proto/metaapo/metalearner/v1/metalearner.proto

import type { MetaLearnerState as _metaapo_metalearner_v1_MetaLearnerState, MetaLearnerState__Output as _metaapo_metalearner_v1_MetaLearnerState__Output } from '../../../metaapo/metalearner/v1/MetaLearnerState.js';

/**
 * Response of `GetMetaLearner`.
 */
export interface GetMetaLearnerResponse {
  /**
   * Complete state.
   */
  'state'?: (_metaapo_metalearner_v1_MetaLearnerState | null);
  /**
   * TensorFlow.js backend in use: `tensorflow-gpu`, `tensorflow`, or `cpu`.
   */
  'backend'?: (string);
}

/**
 * Response of `GetMetaLearner`.
 */
export interface GetMetaLearnerResponse__Output {
  /**
   * Complete state.
   */
  'state': (_metaapo_metalearner_v1_MetaLearnerState__Output | null);
  /**
   * TensorFlow.js backend in use: `tensorflow-gpu`, `tensorflow`, or `cpu`.
   */
  'backend': (string);
}
