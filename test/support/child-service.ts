/** @file A service as a child process: its ready line, its events, its end. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One JSON line of a service's stdout. */
export type EventLine = Readonly<Record<string, string>> & { readonly event: string };

export class ChildService {
  readonly process: ChildProcessWithoutNullStreams;
  /** All of stderr so far. */
  stderr = '';
  readonly #events: EventLine[] = [];
  readonly #waiters = new Set<() => void>();
  readonly #closed: Promise<unknown>;

  /** Starts the compiled program with these variables on top of the few it needs. */
  constructor(program: URL, env: Readonly<Record<string, string>>, programArguments: readonly string[] = []) {
    this.process = spawn(process.execPath, [fileURLToPath(program), ...programArguments], {
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.process.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      this.#events.push(JSON.parse(line) as EventLine);
      for (const wake of this.#waiters) wake();
    });
    this.#closed = once(this.process, 'close').then(() => {
      for (const wake of this.#waiters) wake();
    });
  }

  /** All so far, in order. */
  get events(): readonly EventLine[] {
    return this.#events;
  }

  /** The first event of this name, past or future. Fails when the process ends without it. */
  async event(name: string): Promise<EventLine> {
    for (;;) {
      const found = this.#events.find(({ event }) => event === name);
      if (found) return found;
      if (this.process.exitCode !== null || this.process.signalCode !== null) {
        throw new Error(`the service ended without "${name}": ${this.stderr}`);
      }
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiters.delete(wake);
          resolve();
        };
        this.#waiters.add(wake);
      });
    }
  }

  /** Exit code, or the signal's name, once the process is gone. */
  async ended(): Promise<number | string | null> {
    await this.#closed;
    return this.process.exitCode ?? this.process.signalCode;
  }

  /** Ends it, whatever it does. */
  kill(): void {
    this.process.kill('SIGKILL');
  }
}
