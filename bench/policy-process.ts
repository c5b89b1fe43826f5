/** @file A monitored policy service to call: start, delays while something runs, end. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { assert, present } from '#core';
import { allocatorEnvironment } from '#platform/config';
import { createRpcClient, type RpcClient } from '#platform/rpc';
import type { LoopDelays } from './monitored-policy.js';
import type { Setting } from './setting.js';

const PROGRAM = new URL('./monitored-policy.js', import.meta.url);

export class PolicyProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly policy: RpcClient<'metaapo.policy.v1.PolicyService'>,
    readonly admin: RpcClient<'metaapo.policy.v1.PolicyAdminService'>,
  ) {}

  static async start(
    { modelPath, threads }: Setting,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<PolicyProcess> {
    const child = fork(PROGRAM, {
      env: {
        ...allocatorEnvironment,
        POLICY_ADDRESS: '127.0.0.1:0',
        POLICY_ADMIN_ADDRESS: '127.0.0.1:0',
        POLICY_MODEL_PATH: modelPath,
        POLICY_THREADS: String(threads),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as [unknown];
    assert(typeof line === 'string', 'the policy service starts; its own message is above');
    const { address, admin_address: adminAddress } = JSON.parse(line) as Record<string, string>;
    return new PolicyProcess(
      child,
      createRpcClient('metaapo.policy.v1.PolicyService', address ?? ''),
      createRpcClient('metaapo.policy.v1.PolicyAdminService', adminAddress ?? ''),
    );
  }

  get pid(): number {
    return present(this.child.pid, 'process id');
  }

  /** The delays of the service's event loop while `work` runs. */
  async delaysWhile(work: () => Promise<unknown>): Promise<LoopDelays> {
    await this.ask('begin');
    await work();
    return (await this.ask('end')) as LoopDelays;
  }

  async stop(): Promise<void> {
    this.policy.close();
    this.admin.close();
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }

  private async ask(message: 'begin' | 'end'): Promise<unknown> {
    const answered = once(this.child, 'message');
    this.child.send(message);
    const [answer] = (await answered) as [unknown];
    return answer;
  }
}
