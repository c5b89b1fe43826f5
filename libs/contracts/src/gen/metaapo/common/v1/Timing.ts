// From proto/metaapo/common/v1/common.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../google/protobuf/Duration.js';

/**
 * Says where the time of one call went.
 */
export interface Timing {
  /**
   * Waiting for the worker.
   */
  'queue'?: (_google_protobuf_Duration | null);
  /**
   * Rendering templates and encoding text.
   */
  'tokenize'?: (_google_protobuf_Duration | null);
  /**
   * Computing, in the worker.
   */
  'compute'?: (_google_protobuf_Duration | null);
  /**
   * From arrival to answer; at least the sum of the others.
   */
  'total'?: (_google_protobuf_Duration | null);
}

/**
 * Says where the time of one call went.
 */
export interface Timing__Output {
  /**
   * Waiting for the worker.
   */
  'queue': (_google_protobuf_Duration__Output | null);
  /**
   * Rendering templates and encoding text.
   */
  'tokenize': (_google_protobuf_Duration__Output | null);
  /**
   * Computing, in the worker.
   */
  'compute': (_google_protobuf_Duration__Output | null);
  /**
   * From arrival to answer; at least the sum of the others.
   */
  'total': (_google_protobuf_Duration__Output | null);
}
