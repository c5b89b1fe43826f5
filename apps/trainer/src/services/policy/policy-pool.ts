/**
 * @file The policy replicas as one policy. Replicas of one model give the same bits, so who answers does not matter; that
 * they do is checked before their first unit, and under every adapter before its first unit (`parity.ts`).
 *
 * An adapter that a replica lacks (it was started anew, or its cache was full) is pushed to it and the unit repeated.
 */
import type { Digest } from '#core';
import type { Adapter } from '#ml/adapters';
import { RemoteError } from '#platform/rpc';
import type {
  CallOptions,
  GenerateResult,
  GenerateUnit,
  GradientResult,
  GradientUnit,
  PolicyDescription,
  PolicyPort,
  PolicyRef,
  ReplicaFigures,
  ScoreResult,
  ScoreUnit,
} from '../../domain/ports/policy-port.js';
import type { Replica } from '../replicas/replica.js';
import { ReplicaPool, type MemberPoolOptions, type ReplicaCall } from '../replicas/replica-pool.js';
import { settled } from '../replicas/settled.js';
import type { UnitSize } from '../replicas/unit-times.js';
import { Parity, canaryScores, type CanaryScores, type ExpectedScores } from './parity.js';
import { PolicyIdentity } from './policy-identity.js';
import type { PolicyConnection } from './policy-replica.js';

export interface PolicyPoolOptions extends MemberPoolOptions<PolicyConnection> {
  /** Largest difference between replicas, in nats. */
  readonly parityTolerance: number;
  /** Told of every comparison of a replica with what is expected. */
  readonly onParity: (replica: string, deltaMax: number) => void;
}

type Member = Replica<PolicyConnection>;

/** What a replica has given since it was let in, by policy. */
interface Given {
  readonly scores: Map<PolicyRef, Promise<CanaryScores>>;
  readonly checks: Map<PolicyRef, Promise<void>>;
}

/** Pushes of adapters within one unit before it is given up: each of its policies once, and once more after an eviction. */
const PUSHES_MAX = 4;
/** A replica that is well says in no time what it is, whatever it computes meanwhile. */
const PROBE_MS_MAX = 5000;
/** The canary is short; a first graph is compiled for it. */
const CANARY_MS_MAX = 120_000;
const MIB = 2 ** 20;

export class PolicyPool implements PolicyPort {
  private readonly pool: ReplicaPool<PolicyConnection>;
  private readonly identity = new PolicyIdentity();
  private readonly parity: Parity;
  private readonly known = new Map<Digest, Adapter>();
  private readonly given = new WeakMap<Member, Given>();
  private readonly closing = new AbortController();

  constructor(private readonly options: PolicyPoolOptions) {
    this.parity = new Parity(options.parityTolerance);
    this.pool = new ReplicaPool({
      ...options,
      service: 'policy',
      disconnect: (replica) => replica.close(),
      admit: (member) => this.admit(member),
    });
  }

  async describe({ signal }: CallOptions): Promise<PolicyDescription> {
    await this.pool.start(signal);
    return this.identity.describe();
  }

  async handshake(canary: ScoreUnit['items'], { signal }: CallOptions): Promise<void> {
    this.parity.canary = canary;
    await settled(
      this.onServing((member) => this.verify(member, '')),
      signal,
    );
  }

  replicas(): readonly ReplicaFigures[] {
    return this.pool.all.map(({ address, state, unitCount }) => {
      const parity = this.parity.of(address);
      return { address, state, unitCount, checkCount: parity?.checkCount ?? 0, deltaMax: parity?.deltaMax ?? null };
    });
  }

  async score(unit: ScoreUnit, options: CallOptions): Promise<ScoreResult> {
    const size = sizeOf('score', unit.policies.length * sum(unit.items, ({ responses }) => responses.length));
    return await this.unit(size, unit.policies, options, (replica, call) => replica.score(unit, call));
  }

  async generate(unit: GenerateUnit, options: CallOptions): Promise<GenerateResult> {
    const size = sizeOf('generate', unit.items.length * unit.samplesPerPrompt);
    return await this.unit(size, [unit.policy], options, (replica, call) => replica.generate(unit, call));
  }

  async gradient(unit: GradientUnit, options: CallOptions): Promise<GradientResult> {
    const size = sizeOf('gradient', 2 * sum(unit.items, (item) => Number(!!item.offline) + Number(!!item.online)));
    const policies = [unit.policy, unit.reference];
    return await this.unit(size, policies, options, (replica, call) => replica.gradient(unit, call));
  }

  async offerAdapter(digest: Digest, adapter: Adapter, { signal }: CallOptions): Promise<void> {
    this.known.set(digest, adapter);
    await this.pool.start(signal);
    const offered = this.onServing(async (member) => {
      await this.push(member, digest);
      await this.verify(member, digest);
    });
    await settled(offered, signal);
  }

  async forgetAdapter(digest: Digest, { signal }: CallOptions): Promise<void> {
    this.known.delete(digest);
    this.parity.forget(digest);
    // One that cannot be reached evicts it by itself, when it needs the room.
    const drop = ({ connection }: Member) =>
      connection.drop(digest, { signal, timeoutMs: PROBE_MS_MAX }).catch(() => signal.throwIfAborted());
    await Promise.all(this.pool.serving.map(drop));
    for (const member of this.pool.all) {
      this.given.get(member)?.scores.delete(digest);
      this.given.get(member)?.checks.delete(digest);
    }
  }

  close(): void {
    this.closing.abort();
    this.pool.close();
  }

  /** A replica is let in when it is what the others are, and computes as they do. */
  private async admit(member: Member): Promise<void> {
    this.identity.check(member.address, await member.connection.describe(this.own(PROBE_MS_MAX)));
    this.given.set(member, { scores: new Map(), checks: new Map() });
    await this.verify(member, '');
  }

  /** On every replica that serves; one that cannot be reached is left for later. @throws ReplicaMismatchError */
  private async onServing(work: (member: Member) => Promise<void>): Promise<void> {
    const attempt = async (member: Member): Promise<void> => {
      try {
        await work(member);
      } catch (thrown) {
        if (!(thrown instanceof RemoteError)) throw thrown;
        this.pool.suspend(member, thrown);
      }
    };
    await Promise.all(this.pool.serving.map(attempt));
  }

  private async unit<T>(
    size: UnitSize,
    policies: readonly PolicyRef[],
    { signal }: CallOptions,
    work: (replica: PolicyConnection, call: ReplicaCall) => Promise<T>,
  ): Promise<T> {
    return await this.pool.run({
      size,
      signal,
      work: async (member, call) => {
        for (const ref of policies) await settled(this.verify(member, ref), call.signal);
        return await this.withAdapters(member, policies, () => work(member.connection, call));
      },
    });
  }

  private async withAdapters<T>(member: Member, policies: readonly PolicyRef[], work: () => Promise<T>): Promise<T> {
    for (let pushes = 0; ; pushes++) {
      try {
        return await work();
      } catch (error) {
        const lacks = error instanceof RemoteError && error.code === 'ADAPTER_NOT_RESIDENT';
        if (!lacks || pushes >= PUSHES_MAX) throw error;
        for (const digest of policies) if (digest !== '') await this.push(member, digest);
      }
    }
  }

  /**
   * Once per replica and policy, however many units wait for it. Nothing where nobody can be compared, save for one that
   * comes back: its engine shows that it works.
   */
  private async verify(member: Member, ref: PolicyRef): Promise<void> {
    const isAlone = this.pool.all.length === 1 && member.state === 'serving';
    const given = this.given.get(member);
    if (this.parity.canary.length === 0 || isAlone || !given) return;
    await once(given.checks, ref, () => this.compare(member, ref));
  }

  private async compare(member: Member, ref: PolicyRef): Promise<void> {
    const [scores, expected] = await Promise.all([
      this.canaryOn(member, ref),
      this.parity.expectedOf(ref, () => this.establish(member, ref)),
    ]);
    try {
      this.parity.check(member.address, ref, scores, expected);
    } finally {
      const figures = this.parity.of(member.address);
      if (figures) this.options.onParity(member.address, figures.deltaMax);
    }
  }

  /** What the first replica that serves gives; where none does, the one that asks to be let in. */
  private async establish(member: Member, ref: PolicyRef): Promise<ExpectedScores> {
    for (;;) {
      const first = this.pool.serving[0] ?? member;
      try {
        return { scores: await this.canaryOn(first, ref), address: first.address };
      } catch (error) {
        if (first === member || !(error instanceof RemoteError)) throw error;
        this.pool.suspend(first, error);
      }
    }
  }

  private async canaryOn(member: Member, ref: PolicyRef): Promise<CanaryScores> {
    const scores = this.given.get(member)?.scores ?? new Map<PolicyRef, Promise<CanaryScores>>();
    return await once(scores, ref, async () => {
      const unit: ScoreUnit = { policies: [ref], items: this.parity.canary };
      const size = sizeOf(
        'canary',
        sum(unit.items, ({ responses }) => responses.length),
      );
      return await this.timed(size, member, async (deadlineMs) => {
        const call = this.own(Math.min(deadlineMs, CANARY_MS_MAX));
        return canaryScores(await this.withAdapters(member, [ref], () => member.connection.score(unit, call)));
      });
    });
  }

  private async push(member: Member, digest: Digest): Promise<void> {
    const adapter = this.known.get(digest);
    if (!adapter) return;
    const bytes = sum([...adapter.tensors.values()], ({ data }) => data.byteLength);
    await this.timed(sizeOf('adapter', Math.ceil(bytes / MIB)), member, (deadlineMs) =>
      member.connection.put(digest, adapter, this.own(deadlineMs)),
    );
  }

  private async timed<T>(size: UnitSize, member: Member, work: (deadlineMs: number) => Promise<T>): Promise<T> {
    const { times, clock } = this.options;
    const startMs = clock.monotonicMs();
    const value = await work(times.deadlineMs(size, [...member.inHand], 0));
    times.record(size, clock.monotonicMs() - startMs);
    return value;
  }

  /** A call of the pool's own, which no unit's end takes back. */
  private own(timeoutMs: number): ReplicaCall {
    return { signal: this.closing.signal, timeoutMs: Math.min(timeoutMs, this.options.times.ceilingMs) };
  }
}

/** The promise under a key, made once; one that fails is made anew next time. */
async function once<K, T>(promises: Map<K, Promise<T>>, key: K, make: () => Promise<T>): Promise<T> {
  const promise = promises.get(key) ?? make();
  promises.set(key, promise);
  try {
    return await promise;
  } catch (error) {
    if (promises.get(key) === promise) promises.delete(key);
    throw error;
  }
}

function sizeOf(kind: string, size: number): UnitSize {
  return { kind, size: Math.max(1, size) };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
