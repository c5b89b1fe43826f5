/** @file One policy replica on the wire: what it is, its adapters, and the units it computes. */
import type { Digest } from '#core';
import type { GetPolicyResponse__Output } from '#contracts/policy';
import type { Adapter } from '#ml/adapters';
import { createRpcClient, type ClientTls, type RpcClient } from '#platform/rpc';
import type {
  GenerateResult,
  GenerateUnit,
  GradientResult,
  GradientUnit,
  ScoreResult,
  ScoreUnit,
} from '../../domain/ports/policy-port.js';
import type { Endpoint } from '../replicas/discovery.js';
import type { ReplicaCall } from '../replicas/replica-pool.js';
import {
  adapterSpecToWire,
  announcedTensors,
  objectiveToWire,
  samplingToWire,
  tensorChunks,
  weightingToWire,
} from '../wire.js';
import { readGenerated, readGradient, readScores } from './policy-replies.js';

/** What the pool asks of a replica. Failures of calls are RemoteErrors. */
export interface PolicyConnection {
  describe(call: ReplicaCall): Promise<GetPolicyResponse__Output>;
  score(unit: ScoreUnit, call: ReplicaCall): Promise<ScoreResult>;
  generate(unit: GenerateUnit, call: ReplicaCall): Promise<GenerateResult>;
  gradient(unit: GradientUnit, call: ReplicaCall): Promise<GradientResult>;
  put(digest: Digest, adapter: Adapter, call: ReplicaCall): Promise<void>;
  drop(digest: Digest, call: ReplicaCall): Promise<void>;
  close(): void;
}

export interface PolicyReplicaOptions {
  readonly messageBytesMax: number;
  /** Silence after which a connection counts as dead, in milliseconds. */
  readonly deadPeerMs: number;
  /** @default plaintext */
  readonly tls?: ClientTls | undefined;
}

/** Small enough to share a connection, large enough not to count. */
const CHUNK_BYTES_MAX = 2 ** 20;

export class PolicyReplica implements PolicyConnection {
  private readonly units: RpcClient<'metaapo.policy.v1.PolicyService'>;
  private readonly admin: RpcClient<'metaapo.policy.v1.PolicyAdminService'>;

  constructor(
    endpoint: Endpoint,
    private readonly options: PolicyReplicaOptions,
    onDisconnect: () => void,
  ) {
    const { address, adminAddress = address } = endpoint;
    this.units = createRpcClient('metaapo.policy.v1.PolicyService', address, { ...options, onDisconnect });
    this.admin = createRpcClient('metaapo.policy.v1.PolicyAdminService', adminAddress, options);
  }

  async describe(call: ReplicaCall): Promise<GetPolicyResponse__Output> {
    return await this.units.getPolicy({}, call);
  }

  async score(unit: ScoreUnit, call: ReplicaCall): Promise<ScoreResult> {
    const items = unit.items.map(({ itemId, prompt, responses }) => ({ itemId, prompt, responses: [...responses] }));
    return readScores(unit, await this.units.scoreResponses({ policies: [...unit.policies], items }, call));
  }

  async generate(unit: GenerateUnit, call: ReplicaCall): Promise<GenerateResult> {
    const request = {
      policy: unit.policy,
      items: unit.items.map((item) => ({ ...item })),
      samplesPerPrompt: unit.samplesPerPrompt,
      sampling: samplingToWire(unit.sampling),
    };
    return await readGenerated(unit, this.units.generateResponses(request, call));
  }

  async gradient(unit: GradientUnit, call: ReplicaCall): Promise<GradientResult> {
    const request = {
      policy: unit.policy,
      reference: unit.reference,
      objective: objectiveToWire(unit.objective),
      weighting: weightingToWire(unit.weighting),
      items: unit.items.map((item) => ({ ...item })),
    };
    return await readGradient(unit, this.units.computeGradient(request, call));
  }

  async put(digest: Digest, adapter: Adapter, call: ReplicaCall): Promise<void> {
    const chunkBytes = Math.min(CHUNK_BYTES_MAX, Math.floor(this.options.messageBytesMax / 2));
    const tensors = new Map([...adapter.tensors].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const messages = function* () {
      const header = { digest, spec: adapterSpecToWire(adapter.spec), tensors: announcedTensors(tensors) };
      yield { part: 'header' as const, header };
      for (const chunk of tensorChunks(tensors, chunkBytes)) yield { part: 'chunk' as const, chunk };
    };
    await this.admin.putAdapter(messages(), call);
  }

  async drop(digest: Digest, call: ReplicaCall): Promise<void> {
    await this.admin.dropAdapter({ digest }, call);
  }

  close(): void {
    this.units.close();
    this.admin.close();
  }
}
