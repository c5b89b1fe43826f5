// From proto/metaapo/metalearner/v1/metalearner.proto

import type { MetaLearnerSettings as _metaapo_metalearner_v1_MetaLearnerSettings, MetaLearnerSettings__Output as _metaapo_metalearner_v1_MetaLearnerSettings__Output } from '../../../metaapo/metalearner/v1/MetaLearnerSettings.js';

/**
 * Request for `CreateMetaLearner`.
 */
export interface CreateMetaLearnerRequest {
  /**
   * Required. Run it belongs to; any string up to 128 characters.
   */
  'runId'?: (string);
  /**
   * Required. Shape, start, optimizer.
   */
  'settings'?: (_metaapo_metalearner_v1_MetaLearnerSettings | null);
}

/**
 * Request for `CreateMetaLearner`.
 */
export interface CreateMetaLearnerRequest__Output {
  /**
   * Required. Run it belongs to; any string up to 128 characters.
   */
  'runId': (string);
  /**
   * Required. Shape, start, optimizer.
   */
  'settings': (_metaapo_metalearner_v1_MetaLearnerSettings__Output | null);
}
