/**
 * @file The reward replicas as one annotator. A request is bound to a replica by its id: that one may have been paid for it
 * already and remembers, unless replicas share what they remember. So a request waits for its replica for a while before
 * another one is paid.
 *
 * Replicas are promoted one after the other, so for a while their epochs differ. A unit names its model: who does not
 * answer for it, since it is not there yet or no longer, is passed over. Two models under one epoch never fit together.
 */
import { RemoteError } from '#platform/rpc';
import { RewardEpochGoneError } from '../../domain/ports/ports.errors.js';
import type {
  AnnotateResult,
  AnnotateUnit,
  RewardCallOptions,
  RewardModel,
  RewardPort,
} from '../../domain/ports/reward-port.js';
import type { Replica } from '../replicas/replica.js';
import { ReplicaPool, type MemberPoolOptions, type ReplicaCall } from '../replicas/replica-pool.js';
import { ReplicaMismatchError } from '../replicas/replicas.errors.js';
import { KnownEpochs } from './known-epochs.js';
import type { RewardConnection } from './reward-replica.js';

export interface RewardPoolOptions extends MemberPoolOptions<RewardConnection> {
  /** How long a request waits for its replica; 0 where replicas share what they remember. */
  readonly stickyMs: number;
}

/** A replica that is well says in no time what it serves. */
const PROBE_MS_MAX = 5000;
/** A replica may be promoted between two calls, and once more. */
const ASK_TRIES_MAX = 3;
/** Earlier epochs that a replica may still have warm. */
const EPOCHS_BACK_MAX = 8n;

type Member = Replica<RewardConnection>;

export class RewardPool implements RewardPort {
  private readonly pool: ReplicaPool<RewardConnection>;
  private readonly known = new KnownEpochs();

  constructor(private readonly options: RewardPoolOptions) {
    this.pool = new ReplicaPool({
      ...options,
      service: 'reward',
      disconnect: (replica) => replica.close(),
      admit: (member, signal) => this.admit(member, signal),
      inabilityOf: (thrown) => {
        if (!(thrown instanceof RewardEpochGoneError)) return undefined;
        return thrown.isFinal ? 'ever' : 'now';
      },
    });
  }

  async describe(name: string, { signal, retryTimeMsMax }: RewardCallOptions): Promise<RewardModel> {
    const first = await this.pool.run({
      size: { kind: 'describe', size: 1 },
      signal,
      retryTimeMsMax,
      work: async (member, call) => await this.described(member, name, call),
    });
    const all = await this.askAll(signal, (member, call) => this.described(member, name, call));
    return all.reduce<RewardModel>((newest, model) => {
      return model && BigInt(model.epoch) > BigInt(newest.epoch) ? model : newest;
    }, first);
  }

  async serves(model: RewardModel, { signal, retryTimeMsMax }: RewardCallOptions): Promise<boolean> {
    await this.pool.start(signal, retryTimeMsMax);
    const isEveryone = this.pool.serving.length === this.pool.all.length;
    const answers = await this.askAll(signal, async (member, call) => await this.hasModel(member, model, call));
    // Who does not answer may have it.
    return !isEveryone || answers.some((answer) => answer !== false);
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
      work: async (member, call) => await this.scored(member, unit, call),
    });
  }

  close(): void {
    this.pool.close();
  }

  private async admit(member: Member, signal: AbortSignal): Promise<void> {
    const call = { signal, timeoutMs: this.probeMs() };
    await member.connection.probe(call);
    for (const name of this.known.names) await this.described(member, name, call);
  }

  /** What every serving replica says; undefined of one that says nothing, which is taken out. @throws ReplicaMismatchError */
  private async askAll<T>(
    signal: AbortSignal,
    ask: (member: Member, call: ReplicaCall) => Promise<T>,
  ): Promise<(T | undefined)[]> {
    const call = { signal, timeoutMs: this.probeMs() };
    const asked = this.pool.serving.map((member) =>
      ask(member, call).catch((thrown: unknown) => {
        if (thrown instanceof ReplicaMismatchError) throw thrown;
        this.pool.suspend(member, thrown);
        return undefined;
      }),
    );
    return await Promise.all(asked);
  }

  private async scored(member: Member, unit: AnnotateUnit, call: ReplicaCall): Promise<AnnotateResult> {
    const { model, requestId } = unit;
    let asked = unit;
    let inService = model;
    for (let tries = 0; tries < ASK_TRIES_MAX; tries++) {
      try {
        return await member.connection.annotate(asked, call);
      } catch (thrown) {
        if (!isEpochMismatch(thrown)) throw thrown;
      }
      inService = await this.described(member, model.name, call);
      const same = await sameModel(member, { model, inService }, call);
      if (!same) break;
      // As the request names another epoch now, it needs a name of its own.
      asked = { ...unit, requestId: `${requestId}@${same.epoch}`, model: same };
    }
    throw new RewardEpochGoneError(model, inService, member.address);
  }

  private async hasModel(member: Member, model: RewardModel, call: ReplicaCall): Promise<boolean> {
    const asked = await warmModel(member, { name: model.name, epoch: model.epoch }, call);
    if (asked?.weightsDigest === model.weightsDigest) return true;
    const inService = await this.described(member, model.name, call);
    return (await sameModel(member, { model, inService }, call)) !== undefined;
  }

  /** What the replica has in service under the name. @throws ReplicaMismatchError */
  private async described({ address, connection }: Member, name: string, call: ReplicaCall): Promise<RewardModel> {
    const model = await connection.describe(name, call);
    this.known.check(model, address);
    return model;
  }

  private probeMs(): number {
    return Math.min(PROBE_MS_MAX, this.options.times.ceilingMs);
  }
}

/**
 * The model under another number: it was rolled back to, or the replica has begun to count anew. It is in service, or warm
 * under one of the epochs before.
 */
async function sameModel(
  member: Member,
  { model, inService }: { readonly model: RewardModel; readonly inService: RewardModel },
  call: ReplicaCall,
): Promise<RewardModel | undefined> {
  if (inService.weightsDigest === model.weightsDigest) return inService;
  const newest = BigInt(inService.epoch);
  for (let epoch = newest - 1n; epoch > 0n && newest - epoch <= EPOCHS_BACK_MAX; epoch--) {
    const warm = await warmModel(member, { name: model.name, epoch: String(epoch) }, call);
    if (warm?.weightsDigest === model.weightsDigest) return warm;
  }
  return undefined;
}

/** What the replica has under an epoch; undefined where it no longer answers for that. */
async function warmModel(
  { connection }: Member,
  { name, epoch }: Pick<RewardModel, 'name' | 'epoch'>,
  call: ReplicaCall,
): Promise<RewardModel | undefined> {
  return await connection.describe(name, call, epoch).catch((thrown: unknown) => {
    if (isEpochMismatch(thrown)) return undefined;
    throw thrown;
  });
}

function isEpochMismatch(thrown: unknown): boolean {
  return thrown instanceof RemoteError && thrown.code === 'REWARD_EPOCH_MISMATCH';
}
