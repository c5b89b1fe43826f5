/**
 * @file Where replicas are: one address, or a DNS name whose every record is a replica, as the name of a headless
 * Kubernetes service is. The name is looked up again while a run goes on.
 */
import { lookup } from 'node:dns/promises';

/** `host:port`, or `dns:///name:port` for every address that the name has. */
export type ReplicaSource =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'name'; readonly name: string; readonly port: number };

const NAME_SCHEME = 'dns:///';

/** From a text that the configuration has checked. */
export function replicaSource(text: string): ReplicaSource {
  if (!text.startsWith(NAME_SCHEME)) return { kind: 'address', address: text };
  const rest = text.slice(NAME_SCHEME.length);
  const colon = rest.lastIndexOf(':');
  return { kind: 'name', name: rest.slice(0, colon), port: Number(rest.slice(colon + 1)) };
}

/** Every IPv4 and IPv6 address of a name. Rejects when there is none or nobody to ask. */
export type Resolver = (name: string) => Promise<readonly string[]>;

/** As the system finds hosts, with its search domains: a service of the same namespace is found by its short name. */
export const systemResolver: Resolver = async (name) => {
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
};

/** `host:port` with an IPv6 host in brackets. */
export function joined(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
