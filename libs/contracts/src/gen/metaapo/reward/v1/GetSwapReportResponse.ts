// From proto/metaapo/reward/v1/reward.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Response of `GetSwapReport`.
 */
export interface GetSwapReportResponse {
  /**
   * Items both models scored.
   */
  'itemCount'?: (number | string | Long);
  /**
   * Share of best-against-worst pairs whose order changes, in [0, 1].
   */
  'pairFlipFraction'?: (number | string);
  /**
   * Spearman's rank correlation of the scores, in [-1, 1].
   */
  'rankCorrelation'?: (number | string);
}

/**
 * Response of `GetSwapReport`.
 */
export interface GetSwapReportResponse__Output {
  /**
   * Items both models scored.
   */
  'itemCount': (string);
  /**
   * Share of best-against-worst pairs whose order changes, in [0, 1].
   */
  'pairFlipFraction': (number);
  /**
   * Spearman's rank correlation of the scores, in [-1, 1].
   */
  'rankCorrelation': (number);
}
