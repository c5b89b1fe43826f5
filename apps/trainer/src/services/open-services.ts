/** @file Connections for one run. Each run has its own, so that what one of them offers or drops is no other's business. */
import { systemClock } from '#core';
import type { RunServices } from '../domain/run/active-run.js';
import { MetaLearnerClient } from './meta-learner-client.js';
import { PolicyPool } from './policy-pool.js';
import { RewardClient } from './reward-client.js';
import { countRetry } from './telemetry-observer.js';

export interface ServiceAddresses {
  readonly policyAddresses: readonly string[];
  readonly policyAdminAddresses: readonly string[];
  readonly rewardAddress: string;
  readonly metaLearnerAddress: string;
  readonly messageBytesMax: number;
  readonly callTimeoutMs: number;
  readonly retryTimeMsMax: number;
}

export function openServices(config: ServiceAddresses): RunServices {
  const { messageBytesMax, callTimeoutMs, retryTimeMsMax } = config;
  const common = { messageBytesMax, callTimeoutMs, retryTimeMsMax, clock: systemClock, onRetry: countRetry };
  const policy = new PolicyPool({
    ...common,
    addresses: config.policyAddresses,
    adminAddresses: config.policyAdminAddresses,
  });
  const reward = new RewardClient({ ...common, address: config.rewardAddress });
  const metaLearner = new MetaLearnerClient({ ...common, address: config.metaLearnerAddress });
  return {
    policy,
    reward,
    metaLearnerOf: (runId) => metaLearner.of(runId),
    close: () => {
      policy.close();
      reward.close();
      metaLearner.close();
    },
  };
}
