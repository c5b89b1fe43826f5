/** @file The variables of the HTTP façades. */
import {
  addressVariable,
  durationMsVariable,
  integerVariable,
  optional,
  textVariable,
  type ConfigOf,
} from '#platform/config';

export const FACADE_VARIABLES = {
  httpAddress: optional(
    addressVariable({
      name: 'REWARD_HTTP_ADDRESS',
      description:
        'Address to serve the HTTP façades on (OpenRLHF, vLLM, slime, JSON); port 0 lets the system choose, absent switches them off.',
      example: '127.0.0.1:8000',
    }),
  ),
  httpModel: optional(
    textVariable({
      name: 'REWARD_HTTP_MODEL',
      description:
        'Reward model that an HTTP request means which names none; absent: the only one, where there is one only.',
      example: 'vader',
    }),
  ),
  httpReceiveTimeoutMs: durationMsVariable({
    name: 'REWARD_HTTP_RECEIVE_TIMEOUT_MS',
    description: 'Longest time for an HTTP request to arrive, headers and body.',
    default: '30000',
    min: 1,
  }),
  httpConnectionsMax: integerVariable({
    name: 'REWARD_HTTP_CONNECTIONS_MAX',
    description: 'Most HTTP connections at once; more are closed when they are made.',
    default: '1024',
    min: 1,
  }),
};

export type FacadeConfig = ConfigOf<typeof FACADE_VARIABLES>;
