/** @file The trainer's variables. */
import {
  HUB_VARIABLES,
  addressListVariable,
  addressVariable,
  durationMsVariable,
  EnvironmentInvalidError,
  integerVariable,
  loadConfig,
  serviceVariables,
  type ConfigOf,
  type Environment,
} from '#platform/config';

export const TRAINER_VARIABLES = {
  ...serviceVariables('TRAINER', { port: 50057 }),
  policyAddresses: addressListVariable({
    name: 'TRAINER_POLICY_ADDRESSES',
    description: 'Policy replicas, all serving the same model.',
    default: '127.0.0.1:50051',
  }),
  policyAdminAddresses: addressListVariable({
    name: 'TRAINER_POLICY_ADMIN_ADDRESSES',
    description: 'Admin ports of the policy replicas, in the same order.',
    default: '127.0.0.1:50052',
  }),
  rewardAddress: addressVariable({
    name: 'TRAINER_REWARD_ADDRESS',
    description: 'Reward service.',
    default: '127.0.0.1:50053',
  }),
  metaLearnerAddress: addressVariable({
    name: 'TRAINER_META_LEARNER_ADDRESS',
    description: 'Meta-learner service.',
    default: '127.0.0.1:50055',
  }),
  runsMax: integerVariable({
    name: 'TRAINER_RUNS_MAX',
    description: 'Most runs under way at once; one more is refused.',
    default: '4',
    min: 1,
    max: 1000,
  }),
  callTimeoutMs: durationMsVariable({
    name: 'TRAINER_CALL_TIMEOUT_MS',
    description: 'Deadline of one call to a service; a unit of a large model may take minutes.',
    default: '600000',
    min: 1,
  }),
  retryTimeMsMax: durationMsVariable({
    name: 'TRAINER_RETRY_TIME_MS_MAX',
    description:
      'How long a call is repeated while its service is away, before the run fails and waits to be started again.',
    default: '60000',
  }),
  ...HUB_VARIABLES,
};

export type TrainerConfig = ConfigOf<typeof TRAINER_VARIABLES>;

/** @throws EnvironmentInvalidError with every problem, the number of admin addresses included */
export function trainerConfig(env?: Environment): TrainerConfig {
  const config = loadConfig(TRAINER_VARIABLES, env);
  const { policyAddresses, policyAdminAddresses } = config;
  if (policyAddresses.length !== policyAdminAddresses.length) {
    const { name, example } = TRAINER_VARIABLES.policyAdminAddresses;
    const rule = `as many addresses as ${TRAINER_VARIABLES.policyAddresses.name}, ${policyAddresses.length}`;
    const problem = { variable: name, value: policyAdminAddresses.join(), rule, example, detail: undefined };
    throw new EnvironmentInvalidError([problem]);
  }
  return config;
}
