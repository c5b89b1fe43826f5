/** @file The reward service, as the trainer asks it. */
import { AppError, canonicalJson } from '#core';
import { createRpcClient, type RpcClient } from '#platform/rpc';
import type { CallOptions } from '../domain/ports/policy-port.js';
import { ServiceReplyInvalidError } from '../domain/ports/ports.errors.js';
import type { AnnotateResult, AnnotateUnit, RewardModel, RewardPort } from '../domain/ports/reward-port.js';
import { failed, succeeded } from '../domain/ports/outcomes.js';
import { persistently, type PersistenceOptions } from './persistence.js';
import { checkItems, outcomeOf } from './wire.js';

export interface ServiceClientOptions extends PersistenceOptions {
  readonly address: string;
  readonly messageBytesMax: number;
  /** Deadline of one call, in milliseconds. */
  readonly callTimeoutMs: number;
  /** Called before a call is repeated. */
  readonly onRetry: (phase: string, reason: string) => void;
}

export class RewardClient implements RewardPort {
  private readonly client: RpcClient<'metaapo.reward.v1.RewardService'>;

  constructor(private readonly options: ServiceClientOptions) {
    const { address, messageBytesMax } = options;
    this.client = createRpcClient('metaapo.reward.v1.RewardService', address, { messageBytesMax });
  }

  async describe(name: string, options: CallOptions): Promise<RewardModel> {
    const { rewardModel } = await this.call('describe', options, (call) =>
      this.client.getRewardModel({ rewardModel: name }, call),
    );
    const provenance = rewardModel?.provenance;
    if (!provenance) throw new ServiceReplyInvalidError('reward', `provenance of ${name}`, 'none');
    return { name, epoch: provenance.epoch, weightsDigest: provenance.weightsDigest };
  }

  async annotate(unit: AnnotateUnit, options: CallOptions): Promise<AnnotateResult> {
    const { requestId, model } = unit;
    const request = {
      requestId,
      rewardModel: model.name,
      epoch: model.epoch,
      items: unit.items.map(({ itemId, prompt, responses }) => ({
        itemId,
        prompt,
        responses: responses.map((answer) => ({ form: 'text' as const, ...answer })),
      })),
    };
    const reply = await this.call('annotate', options, (call) => this.client.annotate(request, call));
    checkItems('reward', unit.items, reply.items);
    if (reply.provenance?.weightsDigest !== model.weightsDigest) {
      const got = reply.provenance?.weightsDigest ?? 'none';
      throw new ServiceReplyInvalidError('reward', `scores of ${model.weightsDigest}`, got);
    }
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

  private async call<T>(
    kind: string,
    { signal }: CallOptions,
    work: (call: { signal: AbortSignal; timeoutMs: number }) => Promise<T>,
  ): Promise<T> {
    const { address, callTimeoutMs, clock, retryTimeMsMax, onRetry } = this.options;
    return await persistently({
      service: 'reward',
      where: address,
      signal,
      clock,
      retryTimeMsMax,
      attempt: () => work({ signal, timeoutMs: callTimeoutMs }),
      onRetry: ({ code }: AppError) => onRetry(kind, code),
    });
  }
}
