// From proto/metaapo/metalearner/v1/metalearner.proto

import type { MetaLearnerState as _metaapo_metalearner_v1_MetaLearnerState, MetaLearnerState__Output as _metaapo_metalearner_v1_MetaLearnerState__Output } from '../../../metaapo/metalearner/v1/MetaLearnerState.js';

/**
 * Response of `RestoreMetaLearner`.
 */
export interface RestoreMetaLearnerResponse {
  /**
   * State as held now.
   */
  'state'?: (_metaapo_metalearner_v1_MetaLearnerState | null);
}

/**
 * Response of `RestoreMetaLearner`.
 */
export interface RestoreMetaLearnerResponse__Output {
  /**
   * State as held now.
   */
  'state': (_metaapo_metalearner_v1_MetaLearnerState__Output | null);
}
