// From proto/metaapo/trainer/v1/trainer.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../google/protobuf/Duration.js';

/**
 * Says that the run ended.
 */
export interface RunEnded {
  /**
   * Time it took in this process.
   */
  'elapsed'?: (_google_protobuf_Duration | null);
}

/**
 * Says that the run ended.
 */
export interface RunEnded__Output {
  /**
   * Time it took in this process.
   */
  'elapsed': (_google_protobuf_Duration__Output | null);
}
