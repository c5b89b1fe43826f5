// From proto/metaapo/reward/v1/reward.proto

import type { SwapReport as _metaapo_reward_v1_SwapReport, SwapReport__Output as _metaapo_reward_v1_SwapReport__Output } from '../../../metaapo/reward/v1/SwapReport.js';

/**
 * Response of `GetSwapReport`.
 */
export interface GetSwapReportResponse {
  /**
   * The comparison.
   */
  'report'?: (_metaapo_reward_v1_SwapReport | null);
}

/**
 * Response of `GetSwapReport`.
 */
export interface GetSwapReportResponse__Output {
  /**
   * The comparison.
   */
  'report': (_metaapo_reward_v1_SwapReport__Output | null);
}
