/** @file `TrainerService`. */
import { Controller } from '@nestjs/common';
import type {
  CancelTrainingRunRequest__Output,
  CancelTrainingRunResponse,
  ExplainPairRequest__Output,
  ExplainPairResponse,
  GetTrainingRunRequest__Output,
  GetTrainingRunResponse,
  ListTrainingRunsRequest__Output,
  ListTrainingRunsResponse,
  StartTrainingRunRequest__Output,
  StartTrainingRunResponse,
  WatchTrainingRunRequest__Output,
  WatchTrainingRunResponse,
} from '#contracts/trainer';
import { Rpc, type CallContext } from '#platform/rpc';
import { toExplainResponse } from './explanation.mapper.js';
import { TrainingRuns } from './runs/training-runs.js';
import { toListResponse, toStartCommand, toStartResponse, toTrainingRun, toWatchResponse } from './trainer.mapper.js';

const SERVICE = 'metaapo.trainer.v1.TrainerService';

@Controller()
export class TrainerController {
  constructor(private readonly runs: TrainingRuns) {}

  @Rpc(SERVICE, 'StartTrainingRun')
  async startTrainingRun(request: StartTrainingRunRequest__Output): Promise<StartTrainingRunResponse> {
    return toStartResponse(await this.runs.start(toStartCommand(request)));
  }

  @Rpc(SERVICE, 'GetTrainingRun')
  getTrainingRun({ runId }: GetTrainingRunRequest__Output): GetTrainingRunResponse {
    return { run: toTrainingRun(this.runs.get(runId)) };
  }

  @Rpc(SERVICE, 'ListTrainingRuns')
  listTrainingRuns({ pageSize, pageToken }: ListTrainingRunsRequest__Output): ListTrainingRunsResponse {
    return toListResponse(this.runs.list(pageSize, pageToken));
  }

  @Rpc(SERVICE, 'CancelTrainingRun')
  cancelTrainingRun({ runId }: CancelTrainingRunRequest__Output): CancelTrainingRunResponse {
    return { run: toTrainingRun(this.runs.cancel(runId)) };
  }

  @Rpc(SERVICE, 'WatchTrainingRun')
  async *watchTrainingRun(
    { runId, fromEvent }: WatchTrainingRunRequest__Output,
    { signal }: CallContext,
  ): AsyncGenerator<WatchTrainingRunResponse> {
    for await (const event of this.runs.watch(runId, Number(fromEvent), signal)) yield toWatchResponse(event);
  }

  @Rpc(SERVICE, 'ExplainPair')
  async explainPair(request: ExplainPairRequest__Output): Promise<ExplainPairResponse> {
    return toExplainResponse(await this.runs.explain(request));
  }
}
