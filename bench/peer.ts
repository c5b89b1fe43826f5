/**
 * @file One of the Python programs of `bench/peers`, in a process of its own that does its job whenever it is asked.
 *
 * It reads a job file, says on stdout which ways it has of doing it, then answers each line, the name of a way, with the
 * seconds that it took by its own clock.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { installationRoot } from '#core';
import type { Surroundings } from './benchmark.js';
import type { Entrant } from './contest.js';
import type { Setting } from './setting.js';

export class PeerFailedError extends Error {
  override readonly name = 'PeerFailedError';

  constructor(script: string, got: string) {
    super(`bench/peers/${script}: ${got}; bench/peers/requirements.txt names what it needs`);
  }
}

interface Hello {
  readonly variants: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
}

interface Answer {
  readonly seconds?: number;
  readonly error?: string;
  /** Whatever else the script measured. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

interface Conversation {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly lines: Interface;
}

export interface PeerOptions {
  readonly python: string;
  /** File name in `bench/peers`. */
  readonly script: string;
  readonly threads: number;
  /** For the job file. */
  readonly folder: string;
  readonly job: Readonly<Record<string, unknown>>;
}

export class Peer {
  /** What the last run measured besides its time. */
  detail: Readonly<Record<string, unknown>> = {};

  private constructor(
    readonly script: string,
    private readonly io: Conversation,
    private readonly hello: Hello,
  ) {}

  /** @throws PeerFailedError (`PEER_FAILED`) */
  static async start({ python, script, threads, folder, job }: PeerOptions): Promise<Peer> {
    const jobFile = join(folder, `${script}.json`);
    writeFileSync(jobFile, JSON.stringify({ ...job, threads, folder }));
    const child = spawn(python, [join(installationRoot(), 'bench', 'peers', script), jobFile], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, OMP_NUM_THREADS: String(threads), TOKENIZERS_PARALLELISM: 'false', HF_HUB_OFFLINE: '1' },
    });
    const lines = createInterface({ input: child.stdout });
    try {
      const hello = JSON.parse(await nextLine(script, { child, lines })) as Hello;
      return new Peer(script, { child, lines }, hello);
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  get versions(): Readonly<Record<string, string>> {
    return this.hello.versions;
  }

  entrants(without: readonly string[]): Entrant[] {
    const wanted = this.hello.variants.filter((name) => !without.some((word) => name.includes(word)));
    return wanted.map((name) => ({ name, group: this.script, run: async () => this.run(name) }));
  }

  async run(variant: string): Promise<number> {
    const answered = nextLine(this.script, this.io);
    this.io.child.stdin.write(`${variant}\n`);
    const { seconds, error, detail = {} } = JSON.parse(await answered) as Answer;
    if (seconds === undefined) throw new PeerFailedError(`${this.script} (${variant})`, error ?? 'no time');
    this.detail = detail;
    return seconds;
  }

  async stop(): Promise<void> {
    const { child } = this.io;
    if (child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.stdin.end();
    await ended;
  }
}

async function nextLine(script: string, { child, lines }: Conversation): Promise<string> {
  const stopped = new AbortController();
  const { signal } = stopped;
  try {
    const [line] = (await Promise.race([once(lines, 'line', { signal }), once(child, 'exit', { signal })])) as [
      unknown,
    ];
    if (typeof line !== 'string') throw new PeerFailedError(script, `an end with exit code ${String(line)}`);
    return line;
  } finally {
    stopped.abort();
  }
}

/** Runs `use` with the entrants of a script: none where no Python was named or it cannot do the job, which is said. */
export async function withPeer<T>(
  { python, threads, without }: Pick<Setting, 'python' | 'threads' | 'without'>,
  options: Omit<PeerOptions, 'python' | 'threads'> & Pick<Surroundings, 'say' | 'noteVersions'>,
  use: (entrants: readonly Entrant[]) => Promise<T>,
): Promise<T> {
  if (python === undefined) return use([]);
  const { say, noteVersions } = options;
  let peer: Peer;
  try {
    peer = await Peer.start({ ...options, python, threads });
  } catch (error) {
    if (!(error instanceof PeerFailedError)) throw error;
    say(error.message);
    return use([]);
  }
  noteVersions(peer.versions);
  try {
    return await use(peer.entrants(without));
  } finally {
    await peer.stop();
  }
}
