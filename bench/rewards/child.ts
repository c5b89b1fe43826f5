/** @file A service in a process of its own, for the time of a benchmark. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { assert } from '#core';

const REWARD = new URL('../../apps/reward/src/main.js', import.meta.url);
const ECHO = new URL('./echo-service.js', import.meta.url);

export class Child {
  private constructor(
    private readonly child: ChildProcess,
    readonly address: string,
    /** Empty where the service has no admin port. */
    readonly adminAddress: string,
  ) {}

  /** The deployed reward service. */
  static reward(
    models: Readonly<Record<string, object>>,
    variables: Readonly<Record<string, string>> = {},
  ): Promise<Child> {
    return Child.start(REWARD, {
      REWARD_ADDRESS: '127.0.0.1:0',
      REWARD_ADMIN_ADDRESS: '127.0.0.1:0',
      REWARD_MODELS: JSON.stringify(models),
      ...variables,
    });
  }

  static echo(): Promise<Child> {
    return Child.start(ECHO, {});
  }

  private static async start(program: URL, env: Readonly<Record<string, string>>): Promise<Child> {
    const child = fork(program, { env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as [unknown];
    assert(typeof line === 'string', 'the service starts; its own message is above');
    const { address = '', admin_address: adminAddress = '' } = JSON.parse(line) as Record<string, string>;
    return new Child(child, address, adminAddress);
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}
