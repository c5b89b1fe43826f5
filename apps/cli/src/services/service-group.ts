/** @file The four services of a run: those that exist are used, the others are started on free ports of loopback. */
import type { Environment } from '#platform/config';
import type { RunConfig } from '#run-config';
import { ChildService, type ServiceAddresses, type ServiceApp } from './child-service.js';
import type { Endpoints } from './endpoints.js';
import { aborted } from '../terminal/interrupts.js';

type DecodePrecision = RunConfig['model']['decode_precision'];

export interface ServiceGroupOptions {
  /** Model folder of the policy. */
  readonly modelPath: string;
  /** Weights that the policy draws samples with. @default as its own variable says */
  readonly decodePrecision?: DecodePrecision;
  /** Reward models to serve: the value of `REWARD_MODELS`. */
  readonly rewardModels: Readonly<Record<string, unknown>>;
  /** Where a reward service that is started remembers what it paid for. @default in memory */
  readonly requestCachePath?: string;
  readonly endpoints: Endpoints;
  /** Policy services to start when none is named. */
  readonly policyReplicaCount: number;
  /** Rejects when the start is no longer wanted; never resolves. */
  readonly stop: Promise<never>;
  /** Is given every line of the services' logs. */
  readonly onLog?: (app: ServiceApp, line: string) => void;
}

/** Addresses of a complete group. */
export interface GroupAddresses {
  readonly policy: readonly string[];
  readonly policyAdmin: readonly string[];
  readonly reward: string;
  readonly metaLearner: string;
  readonly trainer: string;
}

/** Where a started service listens: any free port of loopback. */
const ANY_PORT = '127.0.0.1:0';
/** Loading a model of some gigabytes from a slow disk takes minutes. */
const READY_TIMEOUT_MS = 300_000;
/** Above the services' own drain timeout of 20 s. */
const STOP_GRACE_MS = 25_000;

export class ServiceGroup {
  private readonly children: ChildService[] = [];

  private constructor(private readonly onLog: ServiceGroupOptions['onLog']) {}

  /** Starts what is missing. When one does not come up, the others are stopped again. */
  static async start(options: ServiceGroupOptions): Promise<[ServiceGroup, GroupAddresses]> {
    const group = new ServiceGroup(options.onLog);
    try {
      return [group, await Promise.race([group.complete(options), options.stop])];
    } catch (thrown) {
      group.kill();
      throw thrown;
    }
  }

  /** Starts a policy service alone; `stop` rejects when it is no longer wanted. */
  static startPolicy(modelPath: string, stop: Promise<never>): Promise<[ServiceGroup, ServiceAddresses]> {
    return ServiceGroup.startOne('policy', policyEnvironment(modelPath), stop);
  }

  /** Starts a meta-learner service alone. */
  static startMetaLearner(): Promise<[ServiceGroup, ServiceAddresses]> {
    return ServiceGroup.startOne('meta-learner', META_LEARNER_ENVIRONMENT, new Promise<never>(() => {}));
  }

  /** Starts a trainer alone, to look at runs: it knows no other service. */
  static startTrainer(stop: Promise<never>): Promise<[ServiceGroup, ServiceAddresses]> {
    return ServiceGroup.startOne('trainer', { TRAINER_ADDRESS: ANY_PORT }, stop);
  }

  private static async startOne(
    app: ServiceApp,
    environment: Environment,
    stop: Promise<never>,
  ): Promise<[ServiceGroup, ServiceAddresses]> {
    const group = new ServiceGroup(undefined);
    try {
      return [group, await Promise.race([group.child(app, environment), stop])];
    } catch (thrown) {
      group.kill();
      throw thrown;
    }
  }

  /** Rejects when one of the started services ends by itself; never resolves. */
  lost(): Promise<never> {
    return Promise.race(this.children.map((child) => child.lost()));
  }

  /** Stops what was started, the trainer first, since it calls the others. */
  async stop(): Promise<void> {
    const isTrainer = (child: ChildService): boolean => child.app === 'trainer';
    await Promise.all(this.children.filter(isTrainer).map((child) => child.stop(STOP_GRACE_MS)));
    await Promise.all(this.children.filter((child) => !isTrainer(child)).map((child) => child.stop(STOP_GRACE_MS)));
  }

  /** Stops in good order, or at once when `force` is aborted meanwhile. */
  async stopUnless(force: AbortSignal): Promise<void> {
    await Promise.race([this.stop(), aborted(force).then(() => this.kill())]);
  }

  /** Ends what was started at once. */
  kill(): void {
    for (const child of this.children) child.kill();
  }

  private async complete(options: ServiceGroupOptions): Promise<GroupAddresses> {
    const { modelPath, decodePrecision, rewardModels, requestCachePath, endpoints, policyReplicaCount } = options;
    const replicas = Array.from({ length: endpoints.policy ? 0 : policyReplicaCount }, () =>
      this.child('policy', policyEnvironment(modelPath, decodePrecision)),
    );
    const [started, reward, metaLearner] = await Promise.all([
      Promise.all(replicas),
      endpoints.reward ?? this.address('reward', rewardEnvironment(rewardModels, requestCachePath)),
      endpoints.metaLearner ?? this.address('meta-learner', META_LEARNER_ENVIRONMENT),
    ]);
    const addresses = {
      policy: endpoints.policy ?? started.map(({ address }) => address),
      policyAdmin: endpoints.policyAdmin ?? started.map(({ adminAddress }) => adminAddress),
      reward,
      metaLearner,
    };
    return { ...addresses, trainer: await this.address('trainer', trainerEnvironment(addresses)) };
  }

  private async address(app: ServiceApp, environment: Environment): Promise<string> {
    return (await this.child(app, environment)).address;
  }

  private child(app: ServiceApp, environment: Environment): Promise<ServiceAddresses> {
    const { onLog } = this;
    const service = ChildService.spawn({
      app,
      environment,
      ...(onLog && { onLog: (line: string) => onLog(app, line) }),
    });
    this.children.push(service);
    return service.ready(READY_TIMEOUT_MS);
  }
}

const META_LEARNER_ENVIRONMENT: Environment = { META_LEARNER_ADDRESS: ANY_PORT };

function policyEnvironment(modelPath: string, decodePrecision?: DecodePrecision): Environment {
  return {
    POLICY_ADDRESS: ANY_PORT,
    POLICY_ADMIN_ADDRESS: ANY_PORT,
    POLICY_MODEL_PATH: modelPath,
    ...(decodePrecision !== undefined && { POLICY_DECODE_PRECISION: decodePrecision }),
  };
}

function rewardEnvironment(models: Readonly<Record<string, unknown>>, requestCachePath?: string): Environment {
  return {
    REWARD_ADDRESS: ANY_PORT,
    REWARD_ADMIN_ADDRESS: ANY_PORT,
    REWARD_MODELS: JSON.stringify(models),
    ...(requestCachePath !== undefined && { REWARD_REQUEST_CACHE_PATH: requestCachePath }),
  };
}

function trainerEnvironment(addresses: Omit<GroupAddresses, 'trainer'>): Environment {
  return {
    TRAINER_ADDRESS: ANY_PORT,
    TRAINER_POLICY_ADDRESSES: addresses.policy.join(','),
    TRAINER_POLICY_ADMIN_ADDRESSES: addresses.policyAdmin.join(','),
    TRAINER_REWARD_ADDRESSES: addresses.reward,
    TRAINER_META_LEARNER_ADDRESS: addresses.metaLearner,
  };
}
