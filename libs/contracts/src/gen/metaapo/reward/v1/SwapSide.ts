// From proto/metaapo/reward/v1/reward.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../google/protobuf/Duration.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Says what one model did with the items of a report. Scores are those of responses that both models scored.
 */
export interface SwapSide {
  /**
   * Smallest score.
   */
  'scoreMin'?: (number | string);
  /**
   * Largest score.
   */
  'scoreMax'?: (number | string);
  /**
   * Mean of the scores.
   */
  'scoreMean'?: (number | string);
  /**
   * Standard deviation of the scores.
   */
  'scoreStd'?: (number | string);
  /**
   * Median time per response: the time of an item in the backend, divided by its responses.
   */
  'latencyMedian'?: (_google_protobuf_Duration | null);
  /**
   * 95th percentile of the same.
   */
  'latencyP95'?: (_google_protobuf_Duration | null);
  /**
   * Responses that the model failed on.
   */
  'failedCount'?: (number | string | Long);
  /**
   * Failures by reason.
   */
  'failures'?: ({[key: string]: number | string | Long});
  /**
   * True when its scores may cost something outside of this service.
   */
  'mayBill'?: (boolean);
  /**
   * Sum of each named component over the scores, for instance the tokens that a judge has used.
   */
  'componentSums'?: ({[key: string]: number | string});
}

/**
 * Says what one model did with the items of a report. Scores are those of responses that both models scored.
 */
export interface SwapSide__Output {
  /**
   * Smallest score.
   */
  'scoreMin': (number);
  /**
   * Largest score.
   */
  'scoreMax': (number);
  /**
   * Mean of the scores.
   */
  'scoreMean': (number);
  /**
   * Standard deviation of the scores.
   */
  'scoreStd': (number);
  /**
   * Median time per response: the time of an item in the backend, divided by its responses.
   */
  'latencyMedian': (_google_protobuf_Duration__Output | null);
  /**
   * 95th percentile of the same.
   */
  'latencyP95': (_google_protobuf_Duration__Output | null);
  /**
   * Responses that the model failed on.
   */
  'failedCount': (string);
  /**
   * Failures by reason.
   */
  'failures': ({[key: string]: string});
  /**
   * True when its scores may cost something outside of this service.
   */
  'mayBill': (boolean);
  /**
   * Sum of each named component over the scores, for instance the tokens that a judge has used.
   */
  'componentSums': ({[key: string]: number});
}
