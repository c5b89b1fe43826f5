/** @file A service in a process of its own, for the time of a benchmark: every benchmark starts its services this way. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { assert, present } from '#core';

type Variables = Readonly<Record<string, string>>;

const ECHO = new URL('./rewards/echo-service.js', import.meta.url);

export class Child {
  private constructor(
    private readonly child: ChildProcess,
    readonly address: string,
    /** Empty where the service has no admin port. */
    readonly adminAddress: string,
  ) {}

  /** The very program that is deployed. */
  static app(app: 'policy' | 'reward' | 'meta-learner', variables: Variables): Promise<Child> {
    return Child.start(new URL(`../apps/${app}/src/main.js`, import.meta.url), variables);
  }

  /** The deployed reward service. */
  static reward(models: Readonly<Record<string, object>>, variables: Variables = {}): Promise<Child> {
    return Child.app('reward', {
      REWARD_ADDRESS: '127.0.0.1:0',
      REWARD_ADMIN_ADDRESS: '127.0.0.1:0',
      REWARD_MODELS: JSON.stringify(models),
      ...variables,
    });
  }

  static echo(): Promise<Child> {
    return Child.start(ECHO, {});
  }

  /** A program that says in its first line where it listens. It has no variables but these, and writes to our stderr. */
  static async start(program: URL, variables: Variables): Promise<Child> {
    const child = fork(program, { env: variables, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    try {
      const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
      const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as [unknown];
      assert(typeof line === 'string', `${program.pathname} starts; its own message is above`);
      const { address = '', admin_address: adminAddress = '' } = JSON.parse(line) as Record<string, string>;
      return new Child(child, address, adminAddress);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  get pid(): number {
    return present(this.child.pid, 'process id');
  }

  /** Sends a message to a program that answers each, and gives the answer. */
  async ask(message: string): Promise<unknown> {
    const answered = once(this.child, 'message');
    this.child.send(message);
    const [answer] = (await answered) as [unknown];
    return answer;
  }

  /** Held by `await using`, it does not outlive what it was started for, whatever fails. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Lets it end its calls; harmless where it has ended. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}
