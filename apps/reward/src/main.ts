/** @file The reward service: annotates responses with rewards, with full provenance. */
import { runService } from '#platform/lifecycle'; // first: it installs telemetry before gRPC is loaded
import { setFlagsFromString } from 'node:v8';
import { adminTls, loadConfig } from '#platform/config';
import { AppModule } from './app.module.js';
import { REWARD_VARIABLES, type RewardConfig } from './config.js';
import { httpPort } from './facades/http-port.js';
import { openAdmission } from './open-admission.js';
import { openRequestCache } from './open-request-cache.js';
import { startRewardModels } from './start-reward-models.js';

// The collector's own threads would take both of two processors for 10 ms whenever a model is loaded beside the one that answers.
setFlagsFromString('--no-concurrent-marking');

await runService({
  name: 'reward',
  config: () => loadConfig(REWARD_VARIABLES),
  module: async (config) => {
    const cache = openRequestCache(config);
    return AppModule.register(await startRewardModels(config), cache, openAdmission(config), config.httpModel);
  },
  servers: (config: RewardConfig) => [
    {
      services: ['metaapo.reward.v1.RewardService', 'inference.GRPCInferenceService'],
      // Above the limit on calls that are to be scored, which has advice when to come back.
      concurrentCallsMax: 2 * config.concurrentRequestsMax,
    },
    {
      role: 'admin',
      address: config.adminAddress,
      tls: adminTls('REWARD', config),
      services: ['metaapo.reward.v1.RewardAdminService'],
    },
  ],
  http: httpPort,
  facts: ({ statePath }) => ({ lifecycle_state: statePath === undefined ? 'memory' : 'durable' }),
});
