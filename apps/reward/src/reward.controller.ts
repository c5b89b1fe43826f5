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
import { servedView } from './domain/lifecycle/model-views.js';
import { RewardLifecycle } from './domain/lifecycle/reward-lifecycle.js';
import { RepeatableAnnotator } from './domain/repeatable-annotator.js';
import { toModel } from './reward-admin.mapper.js';
import { toAnnotateCommand, toAnnotateResponse } from './reward.mapper.js';

const SERVICE = 'metaapo.reward.v1.RewardService';

@Controller()
export class RewardController {
  constructor(
    private readonly annotator: RepeatableAnnotator,
    private readonly lifecycle: RewardLifecycle,
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
  getRewardModel({ rewardModel, epoch }: GetRewardModelRequest__Output): GetRewardModelResponse {
    const { registry } = this.lifecycle;
    const live = registry.find(rewardModel).provenance.epoch;
    return { rewardModel: toModel(servedView(registry.find(rewardModel, epoch), live)) };
  }

  @Rpc(SERVICE, 'ListRewardModels')
  listRewardModels(request: ListRewardModelsRequest__Output): ListRewardModelsResponse {
    const { registry, isDurable } = this.lifecycle;
    const { models, nextPageToken } = registry.list(request);
    const rewardModels = models.map((model) => toModel(servedView(model, model.provenance.epoch)));
    return { rewardModels, nextPageToken, stateDurable: isDurable };
  }
}
