// From proto/metaapo/metalearner/v1/metalearner.proto

import type { MetaLearnerState as _metaapo_metalearner_v1_MetaLearnerState, MetaLearnerState__Output as _metaapo_metalearner_v1_MetaLearnerState__Output } from '../../../metaapo/metalearner/v1/MetaLearnerState.js';

/**
 * Response of `UpdateMetaLearner`.
 */
export interface UpdateMetaLearnerResponse {
  /**
   * State after the update.
   */
  'state'?: (_metaapo_metalearner_v1_MetaLearnerState | null);
  /**
   * L_meta before the first step.
   */
  'loss'?: (number | string);
  /**
   * Gradient norm of the first step, before clipping.
   */
  'gradientNorm'?: (number | string);
}

/**
 * Response of `UpdateMetaLearner`.
 */
export interface UpdateMetaLearnerResponse__Output {
  /**
   * State after the update.
   */
  'state': (_metaapo_metalearner_v1_MetaLearnerState__Output | null);
  /**
   * L_meta before the first step.
   */
  'loss': (number);
  /**
   * Gradient norm of the first step, before clipping.
   */
  'gradientNorm': (number);
}
