/** @file Where the replicas of a reward service are: addresses, or a DNS name whose every record is one. */
import { lookup } from 'node:dns/promises';
import { InvalidArgumentError } from 'commander';
import { messageOf } from '#core';
import { UsageError } from '../cli.errors.js';
import { isAddress } from '../services/endpoints.js';

/** One replica. */
export interface ReplicaAddress {
  /** `host:port`. */
  readonly address: string;
  /** The name that led to it, which its certificate bears; absent of one that was named by its address. */
  readonly name?: string;
}

const NAME_SCHEME = 'dns:///';

/** A comma list of `host:port` and `dns:///name:port`. @throws InvalidArgumentError */
export function replicaSources(text: string): readonly string[] {
  const sources = text.split(',').map((part) => part.trim());
  if (sources.every((source) => isAddress(source.replace(NAME_SCHEME, '')))) return sources;
  throw new InvalidArgumentError(
    'Expected host:port or dns:///name:port, several with commas between, for instance 127.0.0.1:50054.',
  );
}

/** Every IPv4 and IPv6 address of a name. */
export type Resolver = (name: string) => Promise<readonly string[]>;

/** As the system finds hosts, with its search domains. */
const systemResolver: Resolver = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);

/** The replicas behind the sources, each once, in a fixed order. @throws UsageError when a name leads nowhere */
export async function replicaAddresses(
  sources: readonly string[],
  resolver: Resolver = systemResolver,
): Promise<readonly ReplicaAddress[]> {
  const found = await Promise.all(
    sources.map(async (source) =>
      source.startsWith(NAME_SCHEME) ? await behindName(source, resolver) : [{ address: source }],
    ),
  );
  const byAddress = new Map(found.flat().map((replica) => [replica.address, replica]));
  return [...byAddress.values()];
}

async function behindName(source: string, resolver: Resolver): Promise<readonly ReplicaAddress[]> {
  const text = source.slice(NAME_SCHEME.length);
  const colon = text.lastIndexOf(':');
  const [name, port] = [text.slice(0, colon), text.slice(colon + 1)];
  try {
    const hosts = [...(await resolver(name))].sort();
    return hosts.map((host) => ({ address: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`, name }));
  } catch (cause) {
    throw new UsageError(`Expected a name that leads to reward replicas, got ${source}: ${messageOf(cause)}`, {
      cause,
    });
  }
}
