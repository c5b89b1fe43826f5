// From proto/metaapo/metalearner/v1/metalearner.proto

import type { MetaLearnerState as _metaapo_metalearner_v1_MetaLearnerState, MetaLearnerState__Output as _metaapo_metalearner_v1_MetaLearnerState__Output } from '../../../metaapo/metalearner/v1/MetaLearnerState.js';

/**
 * Request for `RestoreMetaLearner`.
 */
export interface RestoreMetaLearnerRequest {
  /**
   * Required. Run it belongs to.
   */
  'runId'?: (string);
  /**
   * Required. Complete state.
   */
  'state'?: (_metaapo_metalearner_v1_MetaLearnerState | null);
}

/**
 * Request for `RestoreMetaLearner`.
 */
export interface RestoreMetaLearnerRequest__Output {
  /**
   * Required. Run it belongs to.
   */
  'runId': (string);
  /**
   * Required. Complete state.
   */
  'state': (_metaapo_metalearner_v1_MetaLearnerState__Output | null);
}
