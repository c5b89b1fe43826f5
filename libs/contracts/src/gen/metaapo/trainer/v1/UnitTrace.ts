// From proto/metaapo/trainer/v1/trainer.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../google/protobuf/Duration.js';

/**
 * Is a unit of work that held a row.
 */
export interface UnitTrace {
  /**
   * Phase, for instance `generate`.
   */
  'phase'?: (string);
  /**
   * Unit within the phase, from 0.
   */
  'unit'?: (number);
  /**
   * Trace in which it was done, 32 hexadecimal digits; empty when tracing was off.
   */
  'traceId'?: (string);
  /**
   * Time that it took.
   */
  'elapsed'?: (_google_protobuf_Duration | null);
}

/**
 * Is a unit of work that held a row.
 */
export interface UnitTrace__Output {
  /**
   * Phase, for instance `generate`.
   */
  'phase': (string);
  /**
   * Unit within the phase, from 0.
   */
  'unit': (number);
  /**
   * Trace in which it was done, 32 hexadecimal digits; empty when tracing was off.
   */
  'traceId': (string);
  /**
   * Time that it took.
   */
  'elapsed': (_google_protobuf_Duration__Output | null);
}
