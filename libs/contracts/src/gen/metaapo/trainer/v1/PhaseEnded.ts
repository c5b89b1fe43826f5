// From proto/metaapo/trainer/v1/trainer.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../google/protobuf/Duration.js';

/**
 * Says that a phase ended.
 */
export interface PhaseEnded {
  /**
   * Phase.
   */
  'phase'?: (string);
  /**
   * Iteration, from 0.
   */
  'iteration'?: (number);
  /**
   * Time it took in this process.
   */
  'elapsed'?: (_google_protobuf_Duration | null);
  /**
   * Figures of interest by name, for instance `annotation_ratio`.
   */
  'figures'?: ({[key: string]: number | string});
}

/**
 * Says that a phase ended.
 */
export interface PhaseEnded__Output {
  /**
   * Phase.
   */
  'phase': (string);
  /**
   * Iteration, from 0.
   */
  'iteration': (number);
  /**
   * Time it took in this process.
   */
  'elapsed': (_google_protobuf_Duration__Output | null);
  /**
   * Figures of interest by name, for instance `annotation_ratio`.
   */
  'figures': ({[key: string]: number});
}
