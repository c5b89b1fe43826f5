/** @file Busy callers of `RewardService.Annotate`. For the spec and the benchmark of swaps under load. */
import type { RpcClient } from '#platform/rpc';
import { BusyCallers, type Load, type RewardAnswer } from './busy-callers.js';

export type { RewardCall } from './busy-callers.js';

export interface RewardCallersOptions extends Load {
  readonly client: RpcClient<'metaapo.reward.v1.RewardService'>;
  readonly rewardModel: string;
  readonly responses: readonly string[];
}

export class RewardCallers extends BusyCallers {
  constructor({ client, rewardModel, responses, ...load }: RewardCallersOptions) {
    super(load, async (caller): Promise<RewardAnswer> => {
      const item = {
        itemId: `caller-${caller}`,
        prompt: { form: 'text', text: 'How was it?' },
        responses: responses.map((text) => ({ form: 'text', text }) as const),
      } as const;
      const { items, provenance } = await client.annotate({ rewardModel, items: [item] });
      const annotations = items[0]?.annotations ?? [];
      const failed = annotations.find(({ score }) => score === undefined);
      return {
        epoch: provenance?.epoch ?? '',
        weightsDigest: provenance?.weightsDigest ?? '',
        scores: annotations.flatMap(({ score }) => (score === undefined ? [] : [score])),
        failure: failed ? (failed.status?.reason ?? 'no score') : undefined,
      };
    });
  }
}
