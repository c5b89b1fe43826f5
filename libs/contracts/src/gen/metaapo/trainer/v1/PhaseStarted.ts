// From proto/metaapo/trainer/v1/trainer.proto


/**
 * Says that a phase began.
 */
export interface PhaseStarted {
  /**
   * Phase, for instance `warm-up`, `score`, `generate`.
   */
  'phase'?: (string);
  /**
   * Iteration, from 0.
   */
  'iteration'?: (number);
  /**
   * Units of work in the phase.
   */
  'unitCount'?: (number);
  /**
   * Units that the journal already holds.
   */
  'unitCountDone'?: (number);
}

/**
 * Says that a phase began.
 */
export interface PhaseStarted__Output {
  /**
   * Phase, for instance `warm-up`, `score`, `generate`.
   */
  'phase': (string);
  /**
   * Iteration, from 0.
   */
  'iteration': (number);
  /**
   * Units of work in the phase.
   */
  'unitCount': (number);
  /**
   * Units that the journal already holds.
   */
  'unitCountDone': (number);
}
