/** @file The trainer's variables. */
import {
  HUB_VARIABLES,
  addressVariable,
  clientTlsVariables,
  durationMsVariable,
  EnvironmentInvalidError,
  integerVariable,
  loadConfig,
  numberVariable,
  replicaListVariable,
  serviceVariables,
  type ConfigOf,
  type Environment,
} from '#platform/config';

export const TRAINER_VARIABLES = {
  ...serviceVariables('TRAINER', { port: 50057 }),
  policyAddresses: replicaListVariable({
    name: 'TRAINER_POLICY_ADDRESSES',
    description: 'Policy replicas, all serving the same model; names are looked up again while runs go on.',
    default: '127.0.0.1:50051',
    example: 'dns:///policy:50051',
  }),
  policyAdminAddresses: replicaListVariable({
    name: 'TRAINER_POLICY_ADMIN_ADDRESSES',
    description: 'Admin ports of the policy replicas, in the same order; for a name, the same name.',
    default: '127.0.0.1:50052',
    example: 'dns:///policy:50052',
  }),
  rewardAddresses: replicaListVariable({
    name: 'TRAINER_REWARD_ADDRESSES',
    description: 'Reward replicas, all serving the same models; names are looked up again while runs go on.',
    default: '127.0.0.1:50053',
    example: 'dns:///reward:50053',
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
  unitTimeoutMsMin: durationMsVariable({
    name: 'TRAINER_UNIT_TIMEOUT_MS_MIN',
    description:
      'Shortest deadline of a unit, whatever such units took so far; then its replica counts as hung and the unit goes elsewhere.',
    default: '10000',
    min: 1,
  }),
  deadPeerMs: durationMsVariable({
    name: 'TRAINER_DEAD_PEER_MS',
    description: 'Silence after which a connection with calls in flight counts as dead; pings ask before.',
    default: '15000',
    min: 10,
  }),
  rewardStickyMs: durationMsVariable({
    name: 'TRAINER_REWARD_STICKY_MS',
    description:
      'How long a request waits for the reward replica that may have been paid for it, before another one is asked; 0 where replicas share a request cache: requests then go to the least busy one.',
    default: '30000',
  }),
  parityTolerance: numberVariable({
    name: 'TRAINER_PARITY_TOLERANCE_NATS',
    description: 'Largest difference of a log-probability between policy replicas; beyond it the replica is refused.',
    default: '0.001',
    min: 0,
    max: 1000,
  }),
  ...clientTlsVariables('TRAINER_POLICY', 'policy', 'policy replicas, both ports'),
  ...clientTlsVariables('TRAINER_REWARD', 'reward', 'reward replicas'),
  ...clientTlsVariables('TRAINER_META_LEARNER', 'metaLearner', 'the meta-learner'),
  ...HUB_VARIABLES,
};

export type TrainerConfig = ConfigOf<typeof TRAINER_VARIABLES>;

/** @throws EnvironmentInvalidError with every problem, the pairing of admin addresses included */
export function trainerConfig(env?: Environment): TrainerConfig {
  const config = loadConfig(TRAINER_VARIABLES, env);
  const { policyAddresses, policyAdminAddresses } = config;
  if (policyAddresses.length !== policyAdminAddresses.length) {
    const { name, example } = TRAINER_VARIABLES.policyAdminAddresses;
    const rule = `as many addresses as ${TRAINER_VARIABLES.policyAddresses.name}, ${policyAddresses.length}`;
    const problem = { variable: name, value: policyAdminAddresses.join(), rule, example, detail: undefined };
    throw new EnvironmentInvalidError([problem]);
  }
  policyAddresses.forEach((address, index) => {
    const admin = policyAdminAddresses[index]!;
    if (namedHost(address) === namedHost(admin)) return;
    const { name, example } = TRAINER_VARIABLES.policyAdminAddresses;
    const rule = `entry ${index + 1} of the same kind and name as ${address}: an admin port is at its replica's own host`;
    throw new EnvironmentInvalidError([{ variable: name, value: admin, rule, example, detail: undefined }]);
  });
  return config;
}

/** The name of `dns:///name:port`; undefined for a plain address, whose admin port may be anywhere. */
function namedHost(address: string): string | undefined {
  return /^dns:\/\/\/(.+):\d+$/.exec(address)?.[1];
}
