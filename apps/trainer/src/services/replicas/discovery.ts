/**
 * @file Which replicas there are, now and while time passes: names are looked up again every few seconds, and at once when
 * somebody misses a replica.
 *
 * A look-up that fails or finds nothing changes nothing: a name server that is away must not take the replicas with it.
 */
import type { Clock } from '#core';
import { joined, type ReplicaSource, type Resolver } from './replica-source.js';

/** One replica that is known to exist. */
export interface Endpoint {
  /** `host:port`; names the replica. */
  readonly address: string;
  /** Of its admin service; undefined where it has none. */
  readonly adminAddress: string | undefined;
}

export interface DiscoveryOptions {
  readonly sources: readonly ReplicaSource[];
  /** In the order of `sources` and of the same kind; with a name, the admin service is at the replica's own host. */
  readonly adminSources?: readonly ReplicaSource[];
  readonly resolver: Resolver;
  readonly clock: Clock;
  /** @default 10 s */
  readonly intervalMs?: number;
  /** Told of all replicas whenever they may have changed. */
  readonly onChange: (endpoints: readonly Endpoint[]) => void;
}

const INTERVAL_MS = 10_000;
/** Shortest time between two look-ups. */
const INTERVAL_MS_MIN = 1000;

export class Discovery {
  private readonly found = new Map<string, readonly string[]>();
  private readonly closing = new AbortController();
  private hurry = new AbortController();
  private isFollowing = false;

  constructor(private readonly options: DiscoveryOptions) {}

  /** Looks every name up once, then again and again. Rejects with the reason when a name has never been found. */
  async start(): Promise<void> {
    const problems = await this.lookUp();
    this.tell();
    if (this.names.length === 0) return;
    if (!this.isFollowing) void this.follow();
    this.isFollowing = true;
    const missing = this.names.find((name) => !this.found.has(name));
    if (missing !== undefined) throw problems.get(missing);
  }

  /** Looks up soon instead of at the end of the interval. */
  soon(): void {
    this.hurry.abort();
  }

  close(): void {
    this.closing.abort();
  }

  private get names(): string[] {
    return this.options.sources.flatMap((source) => (source.kind === 'name' ? [source.name] : []));
  }

  private async follow(): Promise<void> {
    const { clock, intervalMs = INTERVAL_MS } = this.options;
    const { signal } = this.closing;
    while (!signal.aborted) {
      try {
        await clock.sleep(INTERVAL_MS_MIN, signal);
        const rest = AbortSignal.any([signal, this.hurry.signal]);
        await clock.sleep(Math.max(intervalMs - INTERVAL_MS_MIN, 0), rest).catch(() => undefined);
      } catch {
        return;
      }
      this.hurry = new AbortController();
      await this.lookUp();
      if (!signal.aborted) this.tell();
    }
  }

  /** @returns why names were not found */
  private async lookUp(): Promise<Map<string, unknown>> {
    const problems = new Map<string, unknown>();
    const look = async (name: string): Promise<void> => {
      try {
        const hosts = await this.options.resolver(name);
        if (hosts.length > 0) this.found.set(name, [...new Set(hosts)].sort());
      } catch (thrown) {
        problems.set(name, thrown);
      }
    };
    await Promise.all(this.names.map(look));
    return problems;
  }

  private tell(): void {
    const { sources, adminSources, onChange } = this.options;
    onChange(sources.flatMap((source, index) => this.endpointsOf(source, adminSources?.[index])));
  }

  private endpointsOf(source: ReplicaSource, admin: ReplicaSource | undefined): Endpoint[] {
    if (source.kind === 'address') {
      return [{ address: source.address, adminAddress: admin?.kind === 'address' ? admin.address : undefined }];
    }
    return (this.found.get(source.name) ?? []).map((host) => {
      const adminAddress = admin?.kind === 'name' ? joined(host, admin.port) : undefined;
      return { address: joined(host, source.port), adminAddress };
    });
  }
}
