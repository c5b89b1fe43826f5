/** @file A monitored policy service to call: start, delays while something runs, end. */
import { allocatorEnvironment } from '#platform/config';
import { createRpcClient, type RpcClient } from '#platform/rpc';
import { Child } from './child.js';
import type { LoopDelays } from './monitored-policy.js';
import type { Setting } from './setting.js';

const PROGRAM = new URL('./monitored-policy.js', import.meta.url);

export class PolicyProcess {
  private constructor(
    private readonly child: Child,
    readonly policy: RpcClient<'metaapo.policy.v1.PolicyService'>,
    readonly admin: RpcClient<'metaapo.policy.v1.PolicyAdminService'>,
  ) {}

  static async start(
    { modelPath, threads }: Setting,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<PolicyProcess> {
    const child = await Child.start(PROGRAM, {
      ...allocatorEnvironment,
      POLICY_ADDRESS: '127.0.0.1:0',
      POLICY_ADMIN_ADDRESS: '127.0.0.1:0',
      POLICY_MODEL_PATH: modelPath,
      POLICY_THREADS: String(threads),
      ...environment,
    });
    return new PolicyProcess(
      child,
      createRpcClient('metaapo.policy.v1.PolicyService', child.address),
      createRpcClient('metaapo.policy.v1.PolicyAdminService', child.adminAddress),
    );
  }

  get pid(): number {
    return this.child.pid;
  }

  /** The delays of the service's event loop while `work` runs. */
  async delaysWhile(work: () => Promise<unknown>): Promise<LoopDelays> {
    await this.child.ask('begin');
    await work();
    return (await this.child.ask('end')) as LoopDelays;
  }

  async stop(): Promise<void> {
    this.policy.close();
    this.admin.close();
    await this.child.stop();
  }
}
