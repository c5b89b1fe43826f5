// From proto/metaapo/trainer/v1/trainer.proto


/**
 * Says that a unit was committed.
 */
export interface PhaseProgress {
  /**
   * Phase.
   */
  'phase'?: (string);
  /**
   * Iteration, from 0.
   */
  'iteration'?: (number);
  /**
   * Units committed so far.
   */
  'unitCountDone'?: (number);
  /**
   * Units in the phase.
   */
  'unitCount'?: (number);
  /**
   * Figures of interest by name, for instance `loss`. `rows` and `tokens` are what the unit held.
   */
  'figures'?: ({[key: string]: number | string});
}

/**
 * Says that a unit was committed.
 */
export interface PhaseProgress__Output {
  /**
   * Phase.
   */
  'phase': (string);
  /**
   * Iteration, from 0.
   */
  'iteration': (number);
  /**
   * Units committed so far.
   */
  'unitCountDone': (number);
  /**
   * Units in the phase.
   */
  'unitCount': (number);
  /**
   * Figures of interest by name, for instance `loss`. `rows` and `tokens` are what the unit held.
   */
  'figures': ({[key: string]: number});
}
