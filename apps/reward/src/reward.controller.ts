/** @file `RewardService` on the main port. */
import { Controller } from '@nestjs/common';
import type {
  AnnotateRequest__Output,
  AnnotateResponse,
  GetRewardModelRequest__Output,
  GetRewardModelResponse,
  ListRewardModelsRequest__Output,
  ListRewardModelsResponse,
} from '#contracts/reward';
import { systemClock } from '#core';
import { Rpc, type CallContext } from '#platform/rpc';
import { recordDuration, withSpan } from '#platform/telemetry';
import { RepeatableAnnotator } from './domain/repeatable-annotator.js';
import { RewardRegistry } from './domain/reward-registry.js';
import { toAnnotateCommand, toAnnotateResponse, toRewardModel } from './reward.mapper.js';

const SERVICE = 'metaapo.reward.v1.RewardService';

@Controller()
export class RewardController {
  constructor(
    private readonly annotator: RepeatableAnnotator,
    private readonly registry: RewardRegistry,
  ) {}

  @Rpc(SERVICE, 'Annotate')
  async annotate(request: AnnotateRequest__Output, { signal }: CallContext): Promise<AnnotateResponse> {
    const arrivedMs = systemClock.monotonicMs();
    const { rewardModel, items } = request;
    const responseCount = items.reduce((sum, { responses }) => sum + responses.length, 0);
    const attributes = { rewardModel, itemCount: items.length, responseCount };
    const annotate = () => this.annotator.annotate(toAnnotateCommand(request), signal);
    const result = await withSpan('annotate', attributes, annotate);
    recordDuration('computeDuration', result.computeMs, { phase: 'annotate', service: 'reward' });
    return toAnnotateResponse(result, systemClock.monotonicMs() - arrivedMs);
  }

  @Rpc(SERVICE, 'GetRewardModel')
  getRewardModel({ rewardModel }: GetRewardModelRequest__Output): GetRewardModelResponse {
    return { rewardModel: toRewardModel(this.registry.find(rewardModel)) };
  }

  @Rpc(SERVICE, 'ListRewardModels')
  listRewardModels(request: ListRewardModelsRequest__Output): ListRewardModelsResponse {
    const { models, nextPageToken } = this.registry.list(request);
    return { rewardModels: models.map(toRewardModel), nextPageToken };
  }
}
