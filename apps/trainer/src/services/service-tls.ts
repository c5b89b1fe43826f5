/** @file The certificates that the trainer calls its services with: opened once, shared by all runs. */
import { clientTls } from '#platform/config';
import { openClientTls, type ClientTls } from '#platform/rpc';
import type { TrainerConfig } from '../config.js';

/** Absent where a service is called in plaintext. */
export interface ServiceTls {
  readonly policy?: ClientTls | undefined;
  readonly reward?: ClientTls | undefined;
  readonly metaLearner?: ClientTls | undefined;
}

/** @throws EnvironmentInvalidError where a path is missing; AppError naming the file that cannot be used */
export function openServiceTls(config: TrainerConfig): ServiceTls {
  return {
    policy: openClientTls(clientTls('TRAINER_POLICY', 'policy', config)),
    reward: openClientTls(clientTls('TRAINER_REWARD', 'reward', config)),
    metaLearner: openClientTls(clientTls('TRAINER_META_LEARNER', 'metaLearner', config)),
  };
}
