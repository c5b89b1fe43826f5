/** @file What is asked of other servers, as metrics. */
import { count } from '#platform/telemetry';
import type { OutwardListener } from './http/outward-listener.js';

export const outwardMetrics: OutwardListener = {
  onAttempt: (rewardModel, outcome) => count('rewardRemoteAttempts', 1, { rewardModel, outcome }),
  onTokens: (rewardModel, kind, tokenCount) => count('judgeTokens', tokenCount, { rewardModel, phase: kind }),
};
