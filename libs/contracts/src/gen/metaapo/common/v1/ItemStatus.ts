// From proto/metaapo/common/v1/common.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../google/protobuf/Duration.js';

/**
 * Is the outcome of one item of a batch. An item that failed carries no result; its neighbours are not harmed.
 */
export interface ItemStatus {
  /**
   * Canonical gRPC status code as a number; 0 is success.
   */
  'code'?: (number);
  /**
   * Stable reason in UPPER_SNAKE, listed in `proto/ERRORS.md`; empty on success.
   */
  'reason'?: (string);
  /**
   * For people: what was expected, what came, where, and what to do. Empty on success.
   */
  'message'?: (string);
  /**
   * When a repetition may help: wait at least this long. Absent when it will not help.
   */
  'retryAfter'?: (_google_protobuf_Duration | null);
}

/**
 * Is the outcome of one item of a batch. An item that failed carries no result; its neighbours are not harmed.
 */
export interface ItemStatus__Output {
  /**
   * Canonical gRPC status code as a number; 0 is success.
   */
  'code': (number);
  /**
   * Stable reason in UPPER_SNAKE, listed in `proto/ERRORS.md`; empty on success.
   */
  'reason': (string);
  /**
   * For people: what was expected, what came, where, and what to do. Empty on success.
   */
  'message': (string);
  /**
   * When a repetition may help: wait at least this long. Absent when it will not help.
   */
  'retryAfter': (_google_protobuf_Duration__Output | null);
}
