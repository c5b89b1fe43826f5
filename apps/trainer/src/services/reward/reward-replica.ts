/** @file One reward replica on the wire. */
import { canonicalJson } from '#core';
import { createRpcClient, type ClientTls, type RpcClient } from '#platform/rpc';
import { failed, succeeded } from '../../domain/ports/outcomes.js';
import { ServiceReplyInvalidError } from '../../domain/ports/ports.errors.js';
import type { AnnotateResult, AnnotateUnit, RewardModel } from '../../domain/ports/reward-port.js';
import type { Endpoint } from '../replicas/discovery.js';
import type { ReplicaCall } from '../replicas/replica-pool.js';
import { checkItems, outcomeOf } from '../wire.js';

export interface RewardReplicaOptions {
  readonly messageBytesMax: number;
  /** Silence after which a connection counts as dead, in milliseconds. */
  readonly deadPeerMs: number;
  /** @default plaintext */
  readonly tls?: ClientTls | undefined;
}

/** What the pool asks of a replica. Failures of calls are RemoteErrors. */
export interface RewardConnection {
  /** What is in service under the name, or an earlier epoch that is still warm. */
  describe(name: string, call: ReplicaCall, epoch?: string): Promise<RewardModel>;
  /** Answers when it is well. */
  probe(call: ReplicaCall): Promise<void>;
  annotate(unit: AnnotateUnit, call: ReplicaCall): Promise<AnnotateResult>;
  close(): void;
}

export class RewardReplica implements RewardConnection {
  private readonly client: RpcClient<'metaapo.reward.v1.RewardService'>;

  constructor({ address }: Endpoint, options: RewardReplicaOptions, onDisconnect: () => void) {
    this.client = createRpcClient('metaapo.reward.v1.RewardService', address, { ...options, onDisconnect });
  }

  async describe(name: string, call: ReplicaCall, epoch = '0'): Promise<RewardModel> {
    const { rewardModel } = await this.client.getRewardModel({ rewardModel: name, epoch }, call);
    const provenance = rewardModel?.provenance;
    if (!provenance) throw new ServiceReplyInvalidError('reward', `provenance of ${name}`, 'none');
    return { name, epoch: provenance.epoch, weightsDigest: provenance.weightsDigest };
  }

  async probe(call: ReplicaCall): Promise<void> {
    await this.client.listRewardModels({ pageSize: 1 }, call);
  }

  async annotate(unit: AnnotateUnit, call: ReplicaCall): Promise<AnnotateResult> {
    const { requestId, model } = unit;
    const request = {
      requestId,
      rewardModel: model.name,
      epoch: model.epoch,
      weightsDigest: model.weightsDigest,
      items: unit.items.map(({ itemId, prompt, responses }) => ({
        itemId,
        prompt,
        responses: responses.map((answer) => ({ form: 'text' as const, ...answer })),
      })),
    };
    const reply = await this.client.annotate(request, call);
    checkItems('reward', unit.items, reply.items);
    checkProvenance(model, reply.provenance);
    const items = reply.items.map(({ status, annotations }, index) =>
      outcomeOf(status, () => {
        const expected = unit.items[index]!.responses.length;
        if (annotations.length !== expected) {
          throw new ServiceReplyInvalidError('reward', `${expected} annotations`, String(annotations.length));
        }
        return annotations.map(({ status: own, score, components }) => {
          const outcome = outcomeOf(own, () => score);
          if (!outcome.ok) return outcome;
          return typeof outcome.value === 'number' && Number.isFinite(outcome.value)
            ? succeeded({ score: outcome.value, components })
            : failed({ reason: 'REWARD_NOT_FINITE', message: `expected a finite score, got ${String(outcome.value)}` });
        });
      }),
    );
    return { items, provenance: canonicalJson(reply.provenance) };
  }

  close(): void {
    this.client.close();
  }
}

/** Whoever was asked for one model must not answer with another. @throws ServiceReplyInvalidError */
function checkProvenance(
  { epoch, weightsDigest }: RewardModel,
  provenance: { readonly epoch: string; readonly weightsDigest: string } | null,
): void {
  if (provenance?.weightsDigest === weightsDigest && provenance.epoch === epoch) return;
  const expected = `scores of epoch ${epoch}, ${weightsDigest}`;
  const got = provenance ? `epoch ${provenance.epoch}, ${provenance.weightsDigest}` : 'no provenance';
  throw new ServiceReplyInvalidError('reward', expected, got);
}
