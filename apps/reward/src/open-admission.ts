/** @file From configuration to the limits on calls. */
import { systemClock } from '#core';
import { count } from '#platform/telemetry';
import type { RewardConfig } from './config.js';
import { Admission } from './domain/admission.js';

export function openAdmission({
  concurrentRequestsMax,
  clientBatchSizeMax,
}: Pick<RewardConfig, 'concurrentRequestsMax' | 'clientBatchSizeMax'>): Admission {
  return new Admission({
    requestsMax: concurrentRequestsMax,
    clientBatchSizeMax,
    clock: systemClock,
    onRefusal: (outcome) => count('refusals', 1, { service: 'reward', outcome }),
  });
}
