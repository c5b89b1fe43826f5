/** @file The whole service in this process, on free ports, with clients, until the tests end; for tests. */
import { after } from 'node:test';
import { loadConfig } from '#platform/config';
import { createRpcClient, startRpcApp, type RpcClient } from '#platform/rpc';
import { AppModule } from '../app.module.js';
import { REWARD_VARIABLES } from '../config.js';
import { startRewardModels } from '../start-reward-models.js';

export interface RewardServer {
  /** Of the main port. */
  readonly address: string;
  readonly reward: RpcClient<'metaapo.reward.v1.RewardService'>;
  readonly admin: RpcClient<'metaapo.reward.v1.RewardAdminService'>;
}

/** Variables of a process that listens on any free ports of loopback. */
export const FREE_PORTS = { REWARD_ADDRESS: '127.0.0.1:0', REWARD_ADMIN_ADDRESS: '127.0.0.1:0' } as const;

export async function rewardServer(env: Readonly<Record<string, string>>): Promise<RewardServer> {
  const app = await startRpcApp({
    module: AppModule.register(await startRewardModels(loadConfig(REWARD_VARIABLES, env))),
    servers: [
      { address: FREE_PORTS.REWARD_ADDRESS, services: ['metaapo.reward.v1.RewardService'] },
      { role: 'admin', address: FREE_PORTS.REWARD_ADMIN_ADDRESS, services: ['metaapo.reward.v1.RewardAdminService'] },
    ],
  });
  const reward = createRpcClient('metaapo.reward.v1.RewardService', app.address());
  const admin = createRpcClient('metaapo.reward.v1.RewardAdminService', app.address('admin'));
  after(async () => {
    reward.close();
    admin.close();
    await app.close();
  });
  return { address: app.address(), reward, admin };
}
