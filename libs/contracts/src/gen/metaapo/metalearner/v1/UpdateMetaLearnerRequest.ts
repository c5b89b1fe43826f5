// From proto/metaapo/metalearner/v1/metalearner.proto

import type { BufferEntry as _metaapo_metalearner_v1_BufferEntry, BufferEntry__Output as _metaapo_metalearner_v1_BufferEntry__Output } from '../../../metaapo/metalearner/v1/BufferEntry.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Request for `UpdateMetaLearner`.
 */
export interface UpdateMetaLearnerRequest {
  /**
   * Required. Run whose meta-learner learns.
   */
  'runId'?: (string);
  /**
   * Version the caller built the buffer under.
   */
  'expectedVersion'?: (number | string | Long);
  /**
   * Required. Identifies the update; a repetition returns the first result.
   */
  'requestId'?: (string);
  /**
   * Observations, at least one, in a fixed order.
   */
  'buffer'?: (_metaapo_metalearner_v1_BufferEntry)[];
}

/**
 * Request for `UpdateMetaLearner`.
 */
export interface UpdateMetaLearnerRequest__Output {
  /**
   * Required. Run whose meta-learner learns.
   */
  'runId': (string);
  /**
   * Version the caller built the buffer under.
   */
  'expectedVersion': (string);
  /**
   * Required. Identifies the update; a repetition returns the first result.
   */
  'requestId': (string);
  /**
   * Observations, at least one, in a fixed order.
   */
  'buffer': (_metaapo_metalearner_v1_BufferEntry__Output)[];
}
