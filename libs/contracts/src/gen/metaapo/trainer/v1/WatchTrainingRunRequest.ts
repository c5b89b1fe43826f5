// From proto/metaapo/trainer/v1/trainer.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Request for `WatchTrainingRun`.
 */
export interface WatchTrainingRunRequest {
  /**
   * Required. Identifies the run.
   */
  'runId'?: (string);
  /**
   * First event to send, from 0; earlier ones are skipped.
   */
  'fromEvent'?: (number | string | Long);
}

/**
 * Request for `WatchTrainingRun`.
 */
export interface WatchTrainingRunRequest__Output {
  /**
   * Required. Identifies the run.
   */
  'runId': (string);
  /**
   * First event to send, from 0; earlier ones are skipped.
   */
  'fromEvent': (string);
}
