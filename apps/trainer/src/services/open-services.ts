/** @file Connections for one run. Each run has its own, so that what one of them offers or drops is no other's business. */
import { systemClock } from '#core';
import type { RunServices } from '../domain/run/active-run.js';
import { MetaLearnerClient } from './meta-learner-client.js';
import { PolicyPool } from './policy/policy-pool.js';
import { PolicyReplica } from './policy/policy-replica.js';
import { replicaSource, systemResolver } from './replicas/replica-source.js';
import { UnitTimes } from './replicas/unit-times.js';
import { RewardPool } from './reward/reward-pool.js';
import { RewardReplica } from './reward/reward-replica.js';
import type { ServiceTls } from './service-tls.js';
import { countRetry, recordParity } from './telemetry-observer.js';

export interface ServiceAddresses {
  /** `host:port` or `dns:///name:port`. */
  readonly policyAddresses: readonly string[];
  /** In the same order. */
  readonly policyAdminAddresses: readonly string[];
  readonly rewardAddresses: readonly string[];
  readonly metaLearnerAddress: string;
  readonly messageBytesMax: number;
  readonly callTimeoutMs: number;
  readonly unitTimeoutMsMin: number;
  readonly deadPeerMs: number;
  readonly retryTimeMsMax: number;
  readonly rewardStickyMs: number;
  readonly parityTolerance: number;
}

export function openServices(config: ServiceAddresses, tls: ServiceTls = {}): RunServices {
  const { messageBytesMax, callTimeoutMs, retryTimeMsMax, deadPeerMs, unitTimeoutMsMin } = config;
  const connection = { messageBytesMax, deadPeerMs };
  const common = { retryTimeMsMax, clock: systemClock, resolver: systemResolver, onRetry: countRetry };
  const times = () => new UnitTimes({ floorMs: unitTimeoutMsMin, ceilingMs: callTimeoutMs });
  const policy = new PolicyPool({
    ...common,
    sources: config.policyAddresses.map(replicaSource),
    adminSources: config.policyAdminAddresses.map(replicaSource),
    connect: (endpoint, onDisconnect) => new PolicyReplica(endpoint, { ...connection, tls: tls.policy }, onDisconnect),
    times: times(),
    parityTolerance: config.parityTolerance,
    onParity: recordParity,
  });
  const reward = new RewardPool({
    ...common,
    sources: config.rewardAddresses.map(replicaSource),
    connect: (endpoint, onDisconnect) => new RewardReplica(endpoint, { ...connection, tls: tls.reward }, onDisconnect),
    times: times(),
    stickyMs: config.rewardStickyMs,
  });
  const metaLearner = new MetaLearnerClient({
    ...common,
    ...connection,
    tls: tls.metaLearner,
    callTimeoutMs,
    address: config.metaLearnerAddress,
  });
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
