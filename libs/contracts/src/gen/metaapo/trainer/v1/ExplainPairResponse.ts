// From proto/metaapo/trainer/v1/trainer.proto

import type { PairExplanation as _metaapo_trainer_v1_PairExplanation, PairExplanation__Output as _metaapo_trainer_v1_PairExplanation__Output } from '../../../metaapo/trainer/v1/PairExplanation.js';

/**
 * Response of `ExplainPair`.
 */
export interface ExplainPairResponse {
  /**
   * What the journal has of the row.
   */
  'explanation'?: (_metaapo_trainer_v1_PairExplanation | null);
}

/**
 * Response of `ExplainPair`.
 */
export interface ExplainPairResponse__Output {
  /**
   * What the journal has of the row.
   */
  'explanation': (_metaapo_trainer_v1_PairExplanation__Output | null);
}
