/** @file From configuration to loaded reward models. */
import { installedVersion, systemClock } from '#core';
import type { RewardConfig } from './config.js';
import { RewardRegistry } from './domain/reward-registry.js';

type RegistryConfig = Pick<RewardConfig, 'models' | 'backendTimeoutMs' | 'loadTimeoutMs' | 'queueResponsesMax'>;

/** @throws RewardModelBrokenError (`REWARD_MODEL_BROKEN`) when one of the models cannot be loaded */
export function startRewardRegistry(config: RegistryConfig): Promise<RewardRegistry> {
  const { models, backendTimeoutMs, loadTimeoutMs, queueResponsesMax } = config;
  return RewardRegistry.start(models, {
    timeoutMs: backendTimeoutMs,
    loadTimeoutMs,
    queueResponsesMax,
    serviceVersion: installedVersion(),
    clock: systemClock,
  });
}
