/** @file The four services as child processes on free loopback ports, as a deployment would run them. */
import { createRpcClient, type ClientTls, type RpcClient } from '#platform/rpc';
import { ChildService } from './child-service.js';

const PROGRAM = (app: string): URL => new URL(`../../apps/${app}/src/main.js`, import.meta.url);

export interface ServicesOptions {
  /** Hugging Face model folder. */
  readonly modelPath: string;
  /** As `REWARD_MODELS` takes them. */
  readonly rewardModels: Readonly<Record<string, { readonly backend: string; readonly path?: string }>>;
  /** @default 1 */
  readonly policyReplicas?: number;
  /** More variables of all three, each of which reads its own. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Replica {
  readonly service: ChildService;
  readonly address: string;
  readonly adminAddress: string;
}

/** Environment and address of a trainer that was started. */
export interface Trainer {
  readonly service: ChildService;
  readonly client: RpcClient<'metaapo.trainer.v1.TrainerService'>;
}

const ANY_ADDRESS = { address: '127.0.0.1:0', adminAddress: '127.0.0.1:0' };

function policyService(
  modelPath: string,
  at: Pick<Replica, 'address' | 'adminAddress'>,
  env: Readonly<Record<string, string>> = {},
): ChildService {
  return new ChildService(PROGRAM('policy'), {
    POLICY_ADDRESS: at.address,
    POLICY_ADMIN_ADDRESS: at.adminAddress,
    POLICY_MODEL_PATH: modelPath,
    POLICY_THREADS: '1',
    ...env,
  });
}

function rewardService(
  rewardModels: ServicesOptions['rewardModels'],
  env: Readonly<Record<string, string>>,
): ChildService {
  return new ChildService(PROGRAM('reward'), {
    REWARD_ADDRESS: ANY_ADDRESS.address,
    REWARD_ADMIN_ADDRESS: ANY_ADDRESS.adminAddress,
    REWARD_MODELS: JSON.stringify(rewardModels),
    ...env,
  });
}

async function readyReplica(service: ChildService): Promise<Replica> {
  const { address = '', admin_address = '' } = await service.event('ready');
  return { service, address, adminAddress: admin_address };
}

export class Services {
  private readonly children = new Set<ChildService>();
  private readonly clients = new Set<{ close(): void }>();

  private constructor(
    readonly replicas: readonly Replica[],
    readonly rewardAddress: string,
    readonly metaLearnerAddress: string,
    children: readonly ChildService[],
  ) {
    for (const child of children) this.children.add(child);
  }

  /** Starts policy replicas, reward and meta-learner. */
  static async start({ modelPath, rewardModels, policyReplicas = 1, env = {} }: ServicesOptions): Promise<Services> {
    const policies = Array.from({ length: policyReplicas }, () => policyService(modelPath, ANY_ADDRESS, env));
    const reward = rewardService(rewardModels, env);
    const metaLearner = new ChildService(PROGRAM('meta-learner'), {
      META_LEARNER_ADDRESS: '127.0.0.1:0',
      META_LEARNER_BACKEND: 'cpu',
      ...env,
    });
    const children = [...policies, reward, metaLearner];
    try {
      const replicas: Replica[] = [];
      for (const service of policies) replicas.push(await readyReplica(service));
      const rewardAddress = (await reward.event('ready'))['address'] ?? '';
      const metaLearnerAddress = (await metaLearner.event('ready'))['address'] ?? '';
      return new Services(replicas, rewardAddress, metaLearnerAddress, children);
    } catch (error) {
      for (const child of children) child.kill();
      throw error;
    }
  }

  /** Starts one more policy replica, or one anew where another was. */
  async startPolicy(modelPath: string, at: Pick<Replica, 'address' | 'adminAddress'> = ANY_ADDRESS): Promise<Replica> {
    const service = policyService(modelPath, at);
    this.children.add(service);
    return await readyReplica(service);
  }

  /** Starts one more reward replica. */
  async startReward(
    rewardModels: ServicesOptions['rewardModels'],
    env: Readonly<Record<string, string>>,
  ): Promise<Replica> {
    const service = rewardService(rewardModels, env);
    this.children.add(service);
    return await readyReplica(service);
  }

  /** Starts a trainer over these services; `tls` is how it is called. */
  async startTrainer(env: Readonly<Record<string, string>> = {}, tls?: ClientTls): Promise<Trainer> {
    const service = new ChildService(PROGRAM('trainer'), {
      TRAINER_ADDRESS: '127.0.0.1:0',
      TRAINER_POLICY_ADDRESSES: this.replicas.map(({ address }) => address).join(),
      TRAINER_POLICY_ADMIN_ADDRESSES: this.replicas.map(({ adminAddress }) => adminAddress).join(),
      TRAINER_REWARD_ADDRESSES: this.rewardAddress,
      TRAINER_META_LEARNER_ADDRESS: this.metaLearnerAddress,
      ...env,
    });
    this.children.add(service);
    const { address = '' } = await service.event('ready');
    const client = createRpcClient('metaapo.trainer.v1.TrainerService', address, { tls });
    this.clients.add(client);
    return { service, client };
  }

  /** Ends everything. */
  stop(): void {
    for (const client of this.clients) client.close();
    for (const child of this.children) child.kill();
  }
}
