/** @file `MetaLearnerService`. */
import { Controller, Inject } from '@nestjs/common';
import type {
  CreateMetaLearnerRequest__Output,
  CreateMetaLearnerResponse,
  GateRequest__Output,
  GateResponse,
  GetMetaLearnerRequest__Output,
  GetMetaLearnerResponse,
  RestoreMetaLearnerRequest__Output,
  RestoreMetaLearnerResponse,
  UpdateMetaLearnerRequest__Output,
  UpdateMetaLearnerResponse,
} from '#contracts/metalearner';
import { Rpc, type CallContext } from '#platform/rpc';
import { RunRegistry } from './domain/run-registry.js';
import type { BackendName } from './domain/tensorflow.js';
import {
  toGateCommand,
  toGateDecision,
  toSettings,
  toState,
  toUpdateCommand,
  toWireState,
} from './meta-learner.mapper.js';
import { BACKEND_NAME } from './meta-learner.tokens.js';
import { observed } from './observed.js';

const SERVICE = 'metaapo.metalearner.v1.MetaLearnerService';

@Controller()
export class MetaLearnerController {
  constructor(
    private readonly runs: RunRegistry,
    @Inject(BACKEND_NAME) private readonly backend: BackendName,
  ) {}

  @Rpc(SERVICE, 'CreateMetaLearner')
  createMetaLearner({ runId, settings }: CreateMetaLearnerRequest__Output): CreateMetaLearnerResponse {
    return { state: toWireState(this.runs.create(runId, toSettings(settings))) };
  }

  @Rpc(SERVICE, 'Gate')
  async gate(request: GateRequest__Output, { signal }: CallContext): Promise<GateResponse> {
    const { runId, iteration, items } = request;
    const { result, timing } = await observed('gate', { runId, iteration, itemCount: items.length }, async (span) => {
      const gated = await this.runs.gate(toGateCommand(request), signal);
      span.set({ metaVersion: gated.version, sampledCount: gated.outcomes.filter(isSampled).length });
      return gated;
    });
    return { decisions: result.outcomes.map(toGateDecision), version: String(result.version), timing };
  }

  @Rpc(SERVICE, 'UpdateMetaLearner')
  async updateMetaLearner(
    request: UpdateMetaLearnerRequest__Output,
    { signal }: CallContext,
  ): Promise<UpdateMetaLearnerResponse> {
    const attributes = { runId: request.runId, itemCount: request.buffer.length };
    const { result } = await observed('metaUpdate', attributes, async (span) => {
      const updated = await this.runs.update(toUpdateCommand(request), signal);
      span.set({ metaVersion: updated.state.version });
      return updated;
    });
    return { state: toWireState(result.state), loss: result.loss, gradientNorm: result.gradientNorm };
  }

  @Rpc(SERVICE, 'GetMetaLearner')
  getMetaLearner({ runId }: GetMetaLearnerRequest__Output): GetMetaLearnerResponse {
    return { state: toWireState(this.runs.get(runId)), backend: this.backend };
  }

  @Rpc(SERVICE, 'RestoreMetaLearner')
  async restoreMetaLearner(request: RestoreMetaLearnerRequest__Output): Promise<RestoreMetaLearnerResponse> {
    return { state: toWireState(await this.runs.restore(request.runId, toState(request.state))) };
  }
}

const isSampled = (outcome: Awaited<ReturnType<RunRegistry['gate']>>['outcomes'][number]): boolean =>
  outcome.ok && outcome.decision.sampled;
