/** @file `RewardAdminService` on its own port: the life of reward models. */
import { Controller } from '@nestjs/common';
import type {
  GetSwapReportRequest__Output,
  GetSwapReportResponse,
  ListRewardModelVersionsRequest__Output,
  ListRewardModelVersionsResponse,
  PromoteRewardModelRequest__Output,
  PromoteRewardModelResponse,
  RetireRewardModelRequest__Output,
  RetireRewardModelResponse,
  RollbackRewardModelRequest__Output,
  RollbackRewardModelResponse,
  StageRewardModelRequest__Output,
  StageRewardModelResponse,
  StartShadowRequest__Output,
  StartShadowResponse,
} from '#contracts/reward';
import { Rpc, type CallContext } from '#platform/rpc';
import { RewardLifecycle } from './domain/lifecycle/reward-lifecycle.js';
import {
  toModel,
  toPromoteCommand,
  toReportCommand,
  toReportResponse,
  toRetireCommand,
  toRollbackCommand,
  toShadowCommand,
  toStageCommand,
  toVersionsResponse,
} from './reward-admin.mapper.js';

const SERVICE = 'metaapo.reward.v1.RewardAdminService';

@Controller()
export class RewardAdminController {
  constructor(private readonly lifecycle: RewardLifecycle) {}

  @Rpc(SERVICE, 'StageRewardModel')
  async stageRewardModel(
    request: StageRewardModelRequest__Output,
    { signal }: CallContext,
  ): Promise<StageRewardModelResponse> {
    return { rewardModel: toModel(await this.lifecycle.stage(toStageCommand(request), signal)) };
  }

  @Rpc(SERVICE, 'StartShadow')
  async startShadow(request: StartShadowRequest__Output, { signal }: CallContext): Promise<StartShadowResponse> {
    return { rewardModel: toModel(await this.lifecycle.shadow(toShadowCommand(request), signal)) };
  }

  @Rpc(SERVICE, 'GetSwapReport')
  async getSwapReport(request: GetSwapReportRequest__Output, { signal }: CallContext): Promise<GetSwapReportResponse> {
    return toReportResponse(await this.lifecycle.report(toReportCommand(request), signal));
  }

  @Rpc(SERVICE, 'PromoteRewardModel')
  async promoteRewardModel(
    request: PromoteRewardModelRequest__Output,
    { signal }: CallContext,
  ): Promise<PromoteRewardModelResponse> {
    return { rewardModel: toModel(await this.lifecycle.promote(toPromoteCommand(request), signal)) };
  }

  @Rpc(SERVICE, 'RollbackRewardModel')
  async rollbackRewardModel(
    request: RollbackRewardModelRequest__Output,
    { signal }: CallContext,
  ): Promise<RollbackRewardModelResponse> {
    return { rewardModel: toModel(await this.lifecycle.rollback(toRollbackCommand(request), signal)) };
  }

  @Rpc(SERVICE, 'RetireRewardModel')
  async retireRewardModel(
    request: RetireRewardModelRequest__Output,
    { signal }: CallContext,
  ): Promise<RetireRewardModelResponse> {
    return { rewardModel: toModel(await this.lifecycle.retire(toRetireCommand(request), signal)) };
  }

  @Rpc(SERVICE, 'ListRewardModelVersions')
  listRewardModelVersions(request: ListRewardModelVersionsRequest__Output): ListRewardModelVersionsResponse {
    return toVersionsResponse(this.lifecycle, request);
  }
}
