/**
 * @file The real processes of a run, kept warm from one faulted run to the next: two policy replicas, reward, meta-learner
 * and trainer, with a proxy on every connection of the trainer.
 */
import { join } from 'node:path';
import { createRpcClient } from '#platform/rpc';
import { ChildService } from '../../support/child-service.js';
import type { Trainer } from '../../support/services.js';
import { RIG_VARIABLE, processesOf } from './processes.js';
import { TcpProxy } from './tcp-proxy.js';

export const SERVICES = ['policy-0', 'policy-1', 'reward', 'meta-learner'] as const;
export type ServiceName = (typeof SERVICES)[number];
export const LINKS = [...SERVICES, 'policy-0-admin', 'policy-1-admin'] as const;
export type LinkName = (typeof LINKS)[number];

export interface RigOptions {
  /** Unique on this machine. */
  readonly name: string;
  readonly folder: string;
  readonly modelPath: string;
  readonly rewardModels: Readonly<Record<string, { readonly backend: string; readonly path?: string }>>;
}

/** Deadlines short enough for a run of seconds; the patience is longer than any run may take. */
const TRAINER_SETTINGS = {
  TRAINER_CALL_TIMEOUT_MS: '3000',
  TRAINER_RETRY_TIME_MS_MAX: '60000',
  TRAINER_UNIT_TIMEOUT_MS_MIN: '1000',
  TRAINER_DEAD_PEER_MS: '1500',
};

const ANY_PORT = '127.0.0.1:0';

type App = 'policy' | 'reward' | 'meta-learner' | 'trainer';
/** What a process takes to start is no part of what is tested. */
const SPARES: readonly (readonly [App, number])[] = [
  ['policy', 1],
  ['reward', 1],
  ['meta-learner', 1],
  ['trainer', 2],
];

/** Should this process be killed, the services go with it. */
const LEASH = new URL('../../../apps/cli/src/services/leash.js', import.meta.url);

const program = (app: App): URL => new URL(`../../../apps/${app}/src/main.js`, import.meta.url);

export class Rig {
  private readonly services = new Map<ServiceName, ChildService>();
  private readonly launched = new Set<ChildService>();
  private trainer: Trainer | undefined;
  private readonly trainers = new WeakMap<ChildService, Promise<Trainer>>();
  /** Started ahead, so that a restart takes no longer than the fault says. */
  private readonly spares = new Map<App, ChildService[]>();

  private constructor(
    private readonly options: RigOptions,
    readonly links: Readonly<Record<LinkName, TcpProxy>>,
  ) {}

  static async start(options: RigOptions): Promise<Rig> {
    const proxies = await Promise.all(LINKS.map(async (name) => [name, await TcpProxy.listen(name)] as const));
    const rig = new Rig(options, Object.fromEntries(proxies) as Record<LinkName, TcpProxy>);
    try {
      await rig.mend();
    } catch (error) {
      await rig.stop();
      throw error;
    }
    return rig;
  }

  /** Whatever was done to it: all services run and are reached, and a trainer and a second one stand by. */
  async mend(): Promise<void> {
    for (const link of LINKS) this.links[link].heal();
    const dead = SERVICES.filter((name) => !isAlive(this.services.get(name)));
    await Promise.all(dead.map((name) => this.restart(name)));
    await this.readyTrainer();
    for (const [app, count] of SPARES) {
      const there = this.spares.get(app) ?? [];
      while (there.length < count) there.push(this.launch(app));
      this.spares.set(app, there);
    }
    await Promise.all([...this.spares.values()].flat().map((spare) => spare.event('ready')));
  }

  /** The trainer at work; a new one where it has died. */
  async readyTrainer(): Promise<Trainer> {
    if (this.trainer && !isAlive(this.trainer.service)) this.dropTrainer();
    this.trainer ??= await this.trainerOf(this.next('trainer'));
    return this.trainer;
  }

  /** A second trainer beside the one at work. */
  async secondTrainer(): Promise<Trainer> {
    const [spare] = this.spares.get('trainer') ?? [];
    return await this.trainerOf(spare ?? this.launch('trainer'));
  }

  process(name: ServiceName | 'trainer'): ChildService | undefined {
    return name === 'trainer' ? this.trainer?.service : this.services.get(name);
  }

  async kill(name: ServiceName | 'trainer'): Promise<void> {
    const service = this.process(name);
    service?.kill();
    await service?.ended();
  }

  /** Starts a service anew; its links lead to the new process. One that is killed while it starts is left dead. */
  async restart(name: ServiceName): Promise<void> {
    await this.kill(name);
    const app = appOf(name);
    const service = this.next(app);
    this.services.set(name, service);
    const ready = await service.event('ready').catch((error: unknown) => {
      if (service.process.signalCode === 'SIGKILL') return undefined;
      throw error;
    });
    if (!ready || this.services.get(name) !== service) return;
    const { address, admin_address: adminAddress } = ready;
    this.links[name].target = address;
    if (name === 'policy-0' || name === 'policy-1') this.links[`${name}-admin`].target = adminAddress;
  }

  /** Living processes that the rig does not know; undefined where that cannot be told. */
  orphans(): number[] | undefined {
    const known = new Set([...this.launched].filter(isAlive).map((service) => service.process.pid));
    return processesOf(this.options.name)?.filter((pid) => !known.has(pid));
  }

  async stop(): Promise<void> {
    this.dropTrainer();
    for (const service of this.launched) service.kill();
    await Promise.all([...this.launched].map((service) => service.ended()));
    for (const link of LINKS) this.links[link].close();
  }

  private dropTrainer(): void {
    this.trainer?.client.close();
    this.trainer = undefined;
  }

  /** A spare one, or one that is being started. */
  private next(app: App): ChildService {
    return this.spares.get(app)?.pop() ?? this.launch(app);
  }

  private async trainerOf(service: ChildService): Promise<Trainer> {
    const trainer =
      this.trainers.get(service) ??
      service.event('ready').then(({ address = '' }) => {
        return { service, client: createRpcClient('metaapo.trainer.v1.TrainerService', address) };
      });
    this.trainers.set(service, trainer);
    return await trainer;
  }

  private launch(app: App): ChildService {
    const service = new ChildService(program(app), {
      ...this.environmentOf(app),
      [RIG_VARIABLE]: this.options.name,
      NODE_OPTIONS: `--import ${LEASH.href}`,
    });
    this.launched.add(service);
    return service;
  }

  private environmentOf(app: App): Readonly<Record<string, string>> {
    const { modelPath, rewardModels, folder } = this.options;
    const { links } = this;
    switch (app) {
      case 'policy':
        return {
          POLICY_ADDRESS: ANY_PORT,
          POLICY_ADMIN_ADDRESS: ANY_PORT,
          POLICY_MODEL_PATH: modelPath,
          POLICY_THREADS: '1',
        };
      case 'reward':
        return {
          REWARD_ADDRESS: ANY_PORT,
          REWARD_ADMIN_ADDRESS: ANY_PORT,
          REWARD_MODELS: JSON.stringify(rewardModels),
          REWARD_REQUEST_CACHE_PATH: join(folder, 'reward-requests.sqlite'),
        };
      case 'meta-learner':
        return { META_LEARNER_ADDRESS: ANY_PORT, META_LEARNER_BACKEND: 'cpu' };
      case 'trainer':
        return {
          TRAINER_ADDRESS: ANY_PORT,
          TRAINER_POLICY_ADDRESSES: [links['policy-0'].address, links['policy-1'].address].join(),
          TRAINER_POLICY_ADMIN_ADDRESSES: [links['policy-0-admin'].address, links['policy-1-admin'].address].join(),
          TRAINER_REWARD_ADDRESSES: links.reward.address,
          TRAINER_META_LEARNER_ADDRESS: links['meta-learner'].address,
          ...TRAINER_SETTINGS,
        };
    }
  }
}

function appOf(name: ServiceName): App {
  return name === 'policy-0' || name === 'policy-1' ? 'policy' : name;
}

function isAlive(service: ChildService | undefined): boolean {
  return service !== undefined && service.process.exitCode === null && service.process.signalCode === null;
}
