/** @file The policy service: scores, generates and computes gradients with one base model and its adapters. */
import { runService } from '#platform/lifecycle'; // first: it installs telemetry before gRPC is loaded
import { adminTls, loadConfig } from '#platform/config';
import { AppModule } from './app.module.js';
import { POLICY_VARIABLES, type PolicyConfig } from './config.js';
import { startPolicy } from './start-policy.js';

/** Each `PutAdapter` in flight holds a whole adapter in memory. */
const ADMIN_CALLS_MAX = 8;

await runService({
  name: 'policy',
  config: () => loadConfig(POLICY_VARIABLES),
  module: async (config) => AppModule.register(await startPolicy(config), config),
  servers: (config: PolicyConfig) => [
    { services: ['metaapo.policy.v1.PolicyService'] },
    {
      role: 'admin',
      address: config.adminAddress,
      tls: adminTls('POLICY', config),
      services: ['metaapo.policy.v1.PolicyAdminService'],
      concurrentCallsMax: ADMIN_CALLS_MAX,
    },
  ],
});
