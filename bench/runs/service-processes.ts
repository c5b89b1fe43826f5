/** @file Policy replicas, reward and meta-learner as child processes: the very programs that are deployed. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { assert } from '#core';

export interface ServiceProcessesOptions {
  readonly modelPath: string;
  readonly replicas: number;
  /** As `REWARD_MODELS` takes them. */
  readonly rewardModels: Readonly<Record<string, object>>;
}

export class ServiceProcesses {
  private constructor(
    private readonly children: readonly ChildProcess[],
    /** The trainer's variables for these services. */
    readonly trainerVariables: Readonly<Record<string, string>>,
  ) {}

  static async start({ modelPath, replicas, rewardModels }: ServiceProcessesOptions): Promise<ServiceProcesses> {
    const children: ChildProcess[] = [];
    const begin = async (app: string, variables: Readonly<Record<string, string>>) => {
      const program = new URL(`../../apps/${app}/src/main.js`, import.meta.url);
      const child = fork(program, { env: variables, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
      children.push(child);
      const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
      const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as [unknown];
      assert(typeof line === 'string', `the ${app} service starts; its own message is above`);
      const ready = JSON.parse(line) as Record<string, string>;
      return { address: ready['address'] ?? '', admin: ready['admin_address'] ?? '' };
    };
    const policyVariables = {
      POLICY_ADDRESS: '127.0.0.1:0',
      POLICY_ADMIN_ADDRESS: '127.0.0.1:0',
      POLICY_MODEL_PATH: modelPath,
      POLICY_THREADS: '1',
    };
    try {
      const policies = [];
      for (let replica = 0; replica < replicas; replica++) policies.push(await begin('policy', policyVariables));
      const reward = await begin('reward', {
        REWARD_ADDRESS: '127.0.0.1:0',
        REWARD_ADMIN_ADDRESS: '127.0.0.1:0',
        REWARD_MODELS: JSON.stringify(rewardModels),
      });
      const metaLearner = await begin('meta-learner', { META_LEARNER_ADDRESS: '127.0.0.1:0' });
      return new ServiceProcesses(children, {
        TRAINER_POLICY_ADDRESSES: policies.map(({ address }) => address).join(),
        TRAINER_POLICY_ADMIN_ADDRESSES: policies.map(({ admin }) => admin).join(),
        TRAINER_REWARD_ADDRESSES: reward.address,
        TRAINER_META_LEARNER_ADDRESS: metaLearner.address,
      });
    } catch (error) {
      await stopAll(children);
      throw error;
    }
  }

  async stop(): Promise<void> {
    await stopAll(this.children);
  }
}

async function stopAll(children: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    children.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }),
  );
}
