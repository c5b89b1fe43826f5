/** @file Policy replicas, reward and meta-learner as child processes: the very programs that are deployed. */
import { Child } from '../child.js';

export interface ServiceProcessesOptions {
  readonly modelPath: string;
  readonly replicas: number;
  /** As `REWARD_MODELS` takes them. */
  readonly rewardModels: Readonly<Record<string, object>>;
}

export class ServiceProcesses {
  private constructor(
    private readonly children: readonly Child[],
    /** The trainer's variables for these services. */
    readonly trainerVariables: Readonly<Record<string, string>>,
  ) {}

  static async start({ modelPath, replicas, rewardModels }: ServiceProcessesOptions): Promise<ServiceProcesses> {
    const children: Child[] = [];
    const begun = async (starting: Promise<Child>): Promise<Child> => {
      const child = await starting;
      children.push(child);
      return child;
    };
    const policyVariables = {
      POLICY_ADDRESS: '127.0.0.1:0',
      POLICY_ADMIN_ADDRESS: '127.0.0.1:0',
      POLICY_MODEL_PATH: modelPath,
      POLICY_THREADS: '1',
    };
    try {
      const policies: Child[] = [];
      while (policies.length < replicas) policies.push(await begun(Child.app('policy', policyVariables)));
      const reward = await begun(Child.reward(rewardModels));
      const metaLearner = await begun(Child.app('meta-learner', { META_LEARNER_ADDRESS: '127.0.0.1:0' }));
      return new ServiceProcesses(children, {
        TRAINER_POLICY_ADDRESSES: policies.map(({ address }) => address).join(),
        TRAINER_POLICY_ADMIN_ADDRESSES: policies.map(({ adminAddress }) => adminAddress).join(),
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

async function stopAll(children: readonly Child[]): Promise<void> {
  await Promise.all(children.map((child) => child.stop()));
}
