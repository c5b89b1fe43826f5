/**
 * @file One service as a child process: started, awaited until it says that it is ready, watched, stopped.
 *
 * The child is in a process group of its own, since a terminal sends Ctrl-C to the whole group and the services must
 * outlive it until the run is stopped in good order. That they do not outlive this process is what `leash.ts` is for.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { allocatorEnvironment, childEnvironment, type Environment } from '#platform/config';
import { ServiceDiedError, ServiceNotReadyError } from '../cli.errors.js';

export type ServiceApp = 'policy' | 'reward' | 'meta-learner' | 'trainer';

/** Where a service listens. */
export interface ServiceAddresses {
  readonly address: string;
  /** Address of the admin service; empty where there is none. */
  readonly adminAddress: string;
}

export interface ChildServiceOptions {
  readonly app: ServiceApp;
  /** Variables set for the child. */
  readonly environment: Environment;
  /** Is given every line of the child's log. */
  readonly onLog?: (line: string) => void;
}

/** Lines of its log that a message about a dead child quotes. */
const LAST_LINE_COUNT = 12;
/** Longest quoted line. */
const LINE_LENGTH_MAX = 600;

export class ChildService {
  private readonly lastLines: string[] = [];
  private wanted = true;
  private readonly ended: Promise<string>;

  private constructor(
    readonly app: ServiceApp,
    private readonly process: ChildProcess,
    onLog: ((line: string) => void) | undefined,
  ) {
    const log = createInterface({ input: process.stderr! });
    log.on('line', (line) => {
      this.lastLines.push(line.slice(0, LINE_LENGTH_MAX));
      if (this.lastLines.length > LAST_LINE_COUNT) this.lastLines.shift();
      onLog?.(line);
    });
    this.ended = new Promise((resolve) => {
      process.once('error', (error) => resolve(`it could not be started: ${error.message}`));
      process.once('close', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
    });
  }

  /** Starts a service; `ready` waits for it. */
  static spawn({ app, environment, onLog }: ChildServiceOptions): ChildService {
    const child = spawn(process.execPath, ['--enable-source-maps', '--import', LEASH, mainOf(app)], {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      env: childEnvironment(app === 'policy' ? { ...allocatorEnvironment, ...environment } : environment),
    });
    return new ChildService(app, child, onLog);
  }

  /** Id of the process; 0 when it could not be started. */
  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** Rejects when the service ends without having been told to; never resolves. */
  async lost(): Promise<never> {
    const how = await this.ended;
    if (this.wanted) throw this.death(how);
    return new Promise<never>(() => {});
  }

  /** Asks the service to end its calls in flight and go; makes it go after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.wanted = false;
    this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), graceMs);
    await this.ended;
    clearTimeout(timer);
  }

  /** Makes the service go at once, and whatever it started. */
  kill(): void {
    this.wanted = false;
    if (this.pid === 0) return;
    try {
      // Its whole group: it leads one of its own.
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      this.process.kill('SIGKILL');
    }
  }

  private death(how: string): ServiceDiedError {
    return new ServiceDiedError(this.app, how, this.lastLines);
  }

  /**
   * Waits for the line by which the service says where it listens.
   *
   * @throws `SERVICE_NOT_READY` after `timeoutMs`, `SERVICE_DIED` when it ends before
   */
  async ready(timeoutMs: number): Promise<ServiceAddresses> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new ServiceNotReadyError(this.app, timeoutMs, this.lastLines)), timeoutMs);
    });
    const said = new Promise<ServiceAddresses>((resolve) => {
      createInterface({ input: this.process.stdout! }).on('line', (line) => {
        const addresses = readyAddresses(line);
        if (addresses !== undefined) resolve(addresses);
      });
    });
    try {
      return await Promise.race([said, late, this.ended.then((how) => Promise.reject(this.death(how)))]);
    } finally {
      clearTimeout(timer);
    }
  }
}

const LEASH = new URL('./leash.js', import.meta.url).href;

function mainOf(app: ServiceApp): string {
  return fileURLToPath(new URL(`../../../${app}/src/main.js`, import.meta.url));
}

/** The addresses in a ready line; undefined for any other line. */
export function readyAddresses(line: string): ServiceAddresses | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { event, address, admin_address: adminAddress } = JSON.parse(line) as Record<string, unknown>;
    if (event !== 'ready' || typeof address !== 'string') return undefined;
    return { address, adminAddress: typeof adminAddress === 'string' ? adminAddress : '' };
  } catch {
    return undefined;
  }
}
