/** @file The tiny application in this process, with a client of each of its services. */
import { after, beforeEach } from 'node:test';
import { createRpcClient, type RpcApp, type RpcClient } from '#platform/rpc';
import { TinyBehaviour, startTinyApp } from './tiny-app.js';

export interface TinyRig {
  /** What the handlers do; forgotten before each test. */
  readonly behaviour: TinyBehaviour;
  readonly app: RpcApp;
  readonly reward: RpcClient<'metaapo.reward.v1.RewardService'>;
  readonly policy: RpcClient<'metaapo.policy.v1.PolicyService'>;
  readonly admin: RpcClient<'metaapo.policy.v1.PolicyAdminService'>;
}

/** Largest message: above what any test sends on purpose, below what one sends to be refused. */
const MESSAGE_BYTES_MAX = 1 << 20;

/** Starts it for all tests of the calling file, and stops it behind them. */
export async function startTinyRig(): Promise<TinyRig> {
  const behaviour = new TinyBehaviour();
  const app = await startTinyApp(behaviour, { messageBytesMax: MESSAGE_BYTES_MAX });
  const reward = createRpcClient('metaapo.reward.v1.RewardService', app.address());
  const policy = createRpcClient('metaapo.policy.v1.PolicyService', app.address());
  const admin = createRpcClient('metaapo.policy.v1.PolicyAdminService', app.address('admin'));
  beforeEach(() => {
    for (const key of Object.keys(behaviour)) delete behaviour[key as keyof TinyBehaviour];
  });
  after(async () => {
    for (const client of [reward, policy, admin]) client.close();
    await app.close();
  });
  return { behaviour, app, reward, policy, admin };
}
