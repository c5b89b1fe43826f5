/**
 * @file The reward replicas as one annotator. A request is bound to a replica by its id: that one may have been paid for it
 * already and remembers, unless replicas share what they remember. So a request waits for its replica for a while before
 * another one is paid.
 */
import type {
  AnnotateResult,
  AnnotateUnit,
  RewardCallOptions,
  RewardModel,
  RewardPort,
} from '../../domain/ports/reward-port.js';
import type { DiscoveryOptions, Endpoint } from '../replicas/discovery.js';
import type { Replica } from '../replicas/replica.js';
import { ReplicaPool } from '../replicas/replica-pool.js';
import { ReplicaMismatchError } from '../replicas/replicas.errors.js';
import type { UnitTimes } from '../replicas/unit-times.js';
import type { RewardConnection } from './reward-replica.js';

export interface RewardPoolOptions extends Omit<DiscoveryOptions, 'onChange'> {
  readonly connect: (endpoint: Endpoint, onDisconnect: () => void) => RewardConnection;
  readonly times: UnitTimes;
  readonly retryTimeMsMax: number;
  /** How long a request waits for its replica; 0 where replicas share what they remember. */
  readonly stickyMs: number;
  /** Called before a call is repeated. */
  readonly onRetry: (phase: string, reason: string) => void;
}

/** A replica that is well says in no time what it serves. */
const PROBE_MS_MAX = 5000;

export class RewardPool implements RewardPort {
  private readonly pool: ReplicaPool<RewardConnection>;
  /** Models that the run uses, with the replica that first described them. */
  private readonly known = new Map<string, { readonly model: RewardModel; readonly as: string }>();

  constructor(private readonly options: RewardPoolOptions) {
    this.pool = new ReplicaPool({
      ...options,
      service: 'reward',
      disconnect: (replica) => replica.close(),
      admit: (member, signal) => this.admit(member, signal),
    });
  }

  async describe(name: string, { signal, retryTimeMsMax }: RewardCallOptions): Promise<RewardModel> {
    const model = await this.pool.run({
      size: { kind: 'describe', size: 1 },
      signal,
      retryTimeMsMax,
      work: async (member, call) => await this.described(member, name, call),
    });
    const timeoutMs = this.probeMs();
    const others = this.pool.serving.map((member) =>
      this.described(member, name, { signal, timeoutMs }).catch((thrown: unknown) => {
        if (thrown instanceof ReplicaMismatchError) throw thrown;
        this.pool.suspend(member, thrown);
      }),
    );
    await Promise.all(others);
    return model;
  }

  async annotate(unit: AnnotateUnit, { signal, retryTimeMsMax }: RewardCallOptions): Promise<AnnotateResult> {
    return await this.pool.run({
      size: {
        kind: `annotate ${unit.model.name}`,
        size: Math.max(1, unit.items.flatMap((item) => item.responses).length),
      },
      signal,
      retryTimeMsMax,
      binding: unit.requestId,
      work: async ({ connection }, call) => await connection.annotate(unit, call),
    });
  }

  close(): void {
    this.pool.close();
  }

  private async admit(member: Replica<RewardConnection>, signal: AbortSignal): Promise<void> {
    const call = { signal, timeoutMs: this.probeMs() };
    await member.connection.probe(call);
    for (const name of this.known.keys()) await this.described(member, name, call);
  }

  /** What the replica serves under the name, which must be what the others do. */
  private async described(
    { address, connection }: Replica<RewardConnection>,
    name: string,
    call: Parameters<RewardConnection['probe']>[0],
  ): Promise<RewardModel> {
    const model = await connection.describe(name, call);
    const known = this.known.get(name);
    if (!known) this.known.set(name, { model, as: address });
    else {
      for (const key of ['weightsDigest', 'epoch'] as const) {
        if (model[key] === known.model[key]) continue;
        const what = `${key === 'epoch' ? 'epoch' : 'weights_digest'} of the reward model ${name}`;
        const [expected, got] = [known.model[key], model[key]];
        throw new ReplicaMismatchError({ service: 'reward', replica: address, what, expected, got, as: known.as });
      }
    }
    return model;
  }

  private probeMs(): number {
    return Math.min(PROBE_MS_MAX, this.options.times.ceilingMs);
  }
}
