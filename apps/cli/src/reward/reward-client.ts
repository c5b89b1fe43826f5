/** @file Reward services to be asked: connections, and what the failures of calls mean to a person. */
import { messageOf } from '#core';
import { createRpcClient, RemoteError, type RpcClient } from '#platform/rpc';
import { InterruptedError, UsageError } from '../cli.errors.js';
import { remoteTls } from '../services/remote-tls.js';
import { replicaAddresses } from './replica-addresses.js';
import { RewardTimedOutError, RewardUnreachableError } from './reward.errors.js';

const SERVICES = {
  data: 'metaapo.reward.v1.RewardService',
  admin: 'metaapo.reward.v1.RewardAdminService',
} as const;

/** Which of the two ports of a reward service is asked. */
export type RewardPort = keyof typeof SERVICES;

const OPTIONS = { data: '--reward', admin: '--admin' } as const;

/** One reward service, by one of its ports. */
export interface RewardReplica<P extends RewardPort> {
  readonly port: P;
  readonly address: string;
  readonly client: RpcClient<(typeof SERVICES)[P]>;
}

/** The services behind the sources, for as long as the work goes on. */
export async function withReplicas<P extends RewardPort, T>(
  port: P,
  sources: readonly string[],
  work: (replicas: readonly RewardReplica<P>[]) => Promise<T>,
): Promise<T> {
  const addresses = await replicaAddresses(sources);
  const tls = remoteTls();
  const replicas = addresses.map(({ address, name }) => {
    const named = tls && { ...tls, serverName: tls.serverName ?? name };
    return { port, address, client: createRpcClient(SERVICES[port], address, { tls: named }) };
  });
  try {
    return await work(replicas);
  } finally {
    for (const { client } of replicas) client.close();
  }
}

export interface AskOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks a service and names what kept it from answering. @throws RewardUnreachableError, RewardTimedOutError, UsageError for
 * the service's other port, InterruptedError, and the service's own RemoteError with its address
 */
export async function ask<P extends RewardPort, T>(
  { port, address, client }: RewardReplica<P>,
  { timeoutMs, signal }: AskOptions,
  call: (client: RewardReplica<P>['client'], options: AskOptions) => Promise<T>,
): Promise<T> {
  try {
    return await call(client, { timeoutMs, signal });
  } catch (thrown) {
    if (signal.aborted) throw new InterruptedError(`Stopped waiting for ${address}.`);
    if (!(thrown instanceof RemoteError)) throw thrown;
    throw namedFailure(thrown, { port, address, timeoutMs });
  }
}

interface Asked {
  readonly port: RewardPort;
  readonly address: string;
  readonly timeoutMs: number;
}

function namedFailure(error: RemoteError, { port, address, timeoutMs }: Asked): Error {
  // Where the code is the status, nobody who knows the contract has spoken.
  if (error.code === error.status) {
    if (error.status === 'UNIMPLEMENTED') return new UsageError(wrongPort(port, address), { cause: error });
    if (error.status === 'DEADLINE_EXCEEDED') return new RewardTimedOutError(address, timeoutMs);
    if (error.status === 'UNAVAILABLE') return new RewardUnreachableError(address, messageOf(error), OPTIONS[port]);
  }
  const { code, status, facts, fieldProblems, method, retryAfterMs } = error;
  const message = `${address}: ${messageOf(error)}${HINTS[code] ?? ''}`;
  return new RemoteError({ code, status, message, facts, fieldProblems, method, retryAfterMs, cause: error });
}

/** What the service asks for, as it is typed. */
const HINTS: Readonly<Record<string, string>> = {
  SWAP_COST_NOT_ALLOWED: ' Here: --allow-cost',
  SWAP_REPORT_MISSING: ' Here: metaapo reward report, or --force --reason TEXT',
  SWAP_LIMITS_EXCEEDED: ' Here: --force --reason TEXT',
};

function wrongPort(port: RewardPort, address: string): string {
  const other = port === 'admin' ? 'main' : 'admin';
  const variable = port === 'admin' ? 'REWARD_ADMIN_ADDRESS, "admin_address"' : 'REWARD_ADDRESS, "address"';
  return (
    `${address} does not serve ${SERVICES[port]}: it may be the ${other} port of a reward service. Give ` +
    `${OPTIONS[port]} the other one (${variable} in its ready line)`
  );
}
