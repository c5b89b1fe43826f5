/** @file The reward service: annotates responses with rewards, with full provenance. */
import { runService } from '#platform/lifecycle'; // first: it installs telemetry before gRPC is loaded
import { loadConfig } from '#platform/config';
import { AppModule } from './app.module.js';
import { REWARD_VARIABLES, type RewardConfig } from './config.js';
import { openRequestCache } from './open-request-cache.js';
import { startRewardRegistry } from './start-reward-registry.js';

await runService({
  name: 'reward',
  config: () => loadConfig(REWARD_VARIABLES),
  module: async (config) => {
    const cache = openRequestCache(config);
    return AppModule.register(await startRewardRegistry(config), cache);
  },
  servers: ({ adminAddress }: RewardConfig) => [
    { services: ['metaapo.reward.v1.RewardService'] },
    { role: 'admin', address: adminAddress, services: ['metaapo.reward.v1.RewardAdminService'] },
  ],
});
