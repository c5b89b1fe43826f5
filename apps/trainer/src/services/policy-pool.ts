/**
 * @file The policy replicas as one policy: each unit goes to the replica with the fewest in flight. Replicas of one model
 * give the same bits, so who answers does not matter.
 *
 * An adapter that a replica lacks (it was started anew, or its cache was full) is pushed to it and the unit repeated.
 */
import type { Digest } from '#core';
import type { Adapter } from '#ml/adapters';
import { createRpcClient, RemoteError, type CallOptions as RpcCallOptions, type RpcClient } from '#platform/rpc';
import type {
  CallOptions,
  GenerateResult,
  GenerateUnit,
  GradientResult,
  GradientUnit,
  PolicyDescription,
  PolicyPort,
  PolicyRef,
  ScoreResult,
  ScoreUnit,
} from '../domain/ports/policy-port.js';
import { ServiceReplyInvalidError } from '../domain/ports/ports.errors.js';
import { persistently, type PersistenceOptions } from './persistence.js';
import { readGenerated, readGradient, readScores } from './policy-replies.js';
import {
  adapterSpecToWire,
  announcedTensors,
  objectiveToWire,
  samplingToWire,
  tensorChunks,
  weightingToWire,
} from './wire.js';

export interface PolicyPoolOptions extends PersistenceOptions {
  /** One per replica. */
  readonly addresses: readonly string[];
  /** In the order of `addresses`. */
  readonly adminAddresses: readonly string[];
  readonly messageBytesMax: number;
  /** Deadline of one call, in milliseconds. */
  readonly callTimeoutMs: number;
  /** Called before a call is repeated. */
  readonly onRetry: (phase: string, reason: string) => void;
}

interface Replica {
  readonly address: string;
  readonly units: RpcClient<'metaapo.policy.v1.PolicyService'>;
  readonly admin: RpcClient<'metaapo.policy.v1.PolicyAdminService'>;
  inFlight: number;
}

/** Pushes of adapters within one unit before it is given up: each of its policies once, and once more after an eviction. */
const PUSHES_MAX = 4;
/** Small enough to share a connection, large enough not to count. */
const CHUNK_BYTES_MAX = 2 ** 20;

export class PolicyPool implements PolicyPort {
  private readonly replicas: readonly Replica[];
  private readonly known = new Map<Digest, Adapter>();

  constructor(private readonly options: PolicyPoolOptions) {
    const { messageBytesMax } = options;
    this.replicas = options.addresses.map((address, index) => ({
      address,
      units: createRpcClient('metaapo.policy.v1.PolicyService', address, { messageBytesMax }),
      admin: createRpcClient('metaapo.policy.v1.PolicyAdminService', options.adminAddresses[index]!, {
        messageBytesMax,
      }),
      inFlight: 0,
    }));
  }

  /** Every replica must serve the same model. */
  async describe(options: CallOptions): Promise<PolicyDescription> {
    const replies = await Promise.all(
      this.replicas.map((replica) =>
        this.on(replica, 'describe', options, (call) => replica.units.getPolicy({}, call)),
      ),
    );
    const [first] = replies;
    const other = replies.find((reply) => reply.baseDigest !== first?.baseDigest);
    if (!first || other) {
      const expected = `one base model on all replicas, ${first?.baseDigest}`;
      throw new ServiceReplyInvalidError('policy', expected, other?.baseDigest ?? 'no replica');
    }
    const minOf = (pick: (reply: NonNullable<typeof first>) => number | undefined) =>
      Math.min(...replies.map((reply) => pick(reply) ?? 0));
    return {
      baseDigest: first.baseDigest,
      tokenizerDigest: first.tokenizerDigest,
      chatTemplateDigest: first.chatTemplateDigest,
      unitItemsMax: minOf(({ limits }) => limits?.unitItemsMax),
      samplesPerPromptMax: minOf(({ limits }) => limits?.samplesPerPromptMax),
      baseTensors: first.baseTensors.map(({ name, dims }) => ({ name, dims: dims.map(Number) })),
    };
  }

  async score(unit: ScoreUnit, options: CallOptions): Promise<ScoreResult> {
    const request = {
      policies: [...unit.policies],
      items: unit.items.map(({ itemId, prompt, responses }) => ({ itemId, prompt, responses: [...responses] })),
    };
    return await this.unit('score', unit.policies, options, async ({ units }, call) =>
      readScores(unit, await units.scoreResponses(request, call)),
    );
  }

  async generate(unit: GenerateUnit, options: CallOptions): Promise<GenerateResult> {
    const request = {
      policy: unit.policy,
      items: unit.items.map((item) => ({ ...item })),
      samplesPerPrompt: unit.samplesPerPrompt,
      sampling: samplingToWire(unit.sampling),
    };
    return await this.unit('generate', [unit.policy], options, async ({ units }, call) =>
      readGenerated(unit, units.generateResponses(request, call)),
    );
  }

  async gradient(unit: GradientUnit, options: CallOptions): Promise<GradientResult> {
    const request = {
      policy: unit.policy,
      reference: unit.reference,
      objective: objectiveToWire(unit.objective),
      weighting: weightingToWire(unit.weighting),
      items: unit.items.map((item) => ({ ...item })),
    };
    return await this.unit('gradient', [unit.policy, unit.reference], options, async ({ units }, call) =>
      readGradient(unit, units.computeGradient(request, call)),
    );
  }

  async offerAdapter(digest: Digest, adapter: Adapter, options: CallOptions): Promise<void> {
    this.known.set(digest, adapter);
    await Promise.all(this.replicas.map((replica) => this.push(replica, digest, adapter, options)));
  }

  async forgetAdapter(digest: Digest, options: CallOptions): Promise<void> {
    this.known.delete(digest);
    await Promise.all(
      this.replicas.map((replica) =>
        this.on(replica, 'adapter', options, (call) => replica.admin.dropAdapter({ digest }, call)),
      ),
    );
  }

  close(): void {
    for (const { units, admin } of this.replicas) {
      units.close();
      admin.close();
    }
  }

  /** Runs a unit on the least busy replica; a repetition may go to another one. */
  private async unit<T>(
    kind: string,
    policies: readonly PolicyRef[],
    options: CallOptions,
    work: (replica: Replica, call: RpcCallOptions) => Promise<T>,
  ): Promise<T> {
    let avoid: Replica | undefined;
    const attempt = async (): Promise<T> => {
      const replica = this.leastBusy(avoid);
      replica.inFlight += 1;
      try {
        return await this.withAdapters(replica, policies, options, (call) => work(replica, call));
      } catch (error) {
        avoid = replica;
        throw error;
      } finally {
        replica.inFlight -= 1;
      }
    };
    return await this.persist(kind, this.options.addresses.join(), options, attempt);
  }

  private leastBusy(avoid: Replica | undefined): Replica {
    const others = this.replicas.filter((replica) => replica !== avoid);
    const candidates = others.length > 0 ? others : this.replicas;
    return candidates.reduce((best, replica) => (replica.inFlight < best.inFlight ? replica : best));
  }

  private async withAdapters<T>(
    replica: Replica,
    policies: readonly PolicyRef[],
    { signal }: CallOptions,
    work: (call: RpcCallOptions) => Promise<T>,
  ): Promise<T> {
    for (let pushes = 0; ; pushes++) {
      try {
        return await work({ signal, timeoutMs: this.options.callTimeoutMs });
      } catch (error) {
        const lacks = error instanceof RemoteError && error.code === 'ADAPTER_NOT_RESIDENT';
        if (!lacks || pushes >= PUSHES_MAX) throw error;
        for (const digest of policies) {
          const adapter = digest === '' ? undefined : this.known.get(digest);
          if (adapter && digest !== '') await this.push(replica, digest, adapter, { signal });
        }
      }
    }
  }

  private async push(replica: Replica, digest: Digest, adapter: Adapter, options: CallOptions): Promise<void> {
    const chunkBytes = Math.min(CHUNK_BYTES_MAX, Math.floor(this.options.messageBytesMax / 2));
    const tensors = new Map([...adapter.tensors].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const messages = function* () {
      const header = { digest, spec: adapterSpecToWire(adapter.spec), tensors: announcedTensors(tensors) };
      yield { part: 'header' as const, header };
      for (const chunk of tensorChunks(tensors, chunkBytes)) yield { part: 'chunk' as const, chunk };
    };
    await this.on(replica, 'adapter', options, (call) => replica.admin.putAdapter(messages(), call));
  }

  /** A call that one particular replica must answer. */
  private async on<T>(
    replica: Replica,
    kind: string,
    options: CallOptions,
    work: (call: RpcCallOptions) => Promise<T>,
  ): Promise<T> {
    const call = { signal: options.signal, timeoutMs: this.options.callTimeoutMs };
    return await this.persist(kind, replica.address, options, () => work(call));
  }

  private async persist<T>(
    kind: string,
    where: string,
    { signal }: CallOptions,
    attempt: () => Promise<T>,
  ): Promise<T> {
    const { clock, retryTimeMsMax, onRetry } = this.options;
    return await persistently({
      service: 'policy',
      where,
      signal,
      clock,
      retryTimeMsMax,
      attempt,
      onRetry: ({ code }) => onRetry(kind, code),
    });
  }
}
