/** @file Between the admin messages of `reward.proto` and the lifecycle. */
import type {
  GetSwapReportRequest__Output,
  GetSwapReportResponse,
  ListRewardModelVersionsRequest__Output,
  ListRewardModelVersionsResponse,
  PromoteRewardModelRequest__Output,
  RetireRewardModelRequest__Output,
  RewardModel,
  RewardModelEvent,
  RewardModelVersion,
  RollbackRewardModelRequest__Output,
  StageRewardModelRequest__Output,
  StartShadowRequest__Output,
} from '#contracts/reward';
import { RequestInvalidError, present } from '#core';
import { toTimestamp } from '#platform/rpc';
import type {
  PromoteCommand,
  ReportCommand,
  RetireCommand,
  RollbackCommand,
  ShadowCommand,
  StageCommand,
} from './domain/lifecycle/lifecycle-commands.js';
import { servedView, stagedView } from './domain/lifecycle/model-views.js';
import type { ReportResult } from './domain/lifecycle/make-report.js';
import type { EventKind, LifecycleEvent, ModelState, ModelView } from './domain/lifecycle/name-state.js';
import type { RewardLifecycle } from './domain/lifecycle/reward-lifecycle.js';
import { liveEpoch, type RetireTarget } from './domain/lifecycle/slots.js';
import type { LoadedModel } from './domain/loaded-model.js';
import { toAnnotateItem, toWireProvenance } from './reward.mapper.js';
import { toDisagreement, toLimitBreach, toSwapReport } from './swap-report.mapper.js';

const DISAGREEMENTS_DEFAULT = 10;
const EVENTS_DEFAULT = 100;
const EVENTS_MAX = 1000;

export function toStageCommand(request: StageRewardModelRequest__Output): StageCommand {
  const { rewardModel, requestId, requester, reason, specJson } = request;
  return { rewardModel, requestId, requester, reason, specJson };
}

export function toShadowCommand(request: StartShadowRequest__Output): ShadowCommand {
  const { rewardModel, requestId, requester, reason, trafficFraction, allowCost } = request;
  return { rewardModel, requestId, requester, reason, trafficFraction, allowCost };
}

export function toPromoteCommand(request: PromoteRewardModelRequest__Output): PromoteCommand {
  const { rewardModel, requestId, requester, reason, force } = request;
  return { rewardModel, requestId, requester, reason, force, expectedEpoch: Number(request.expectedEpoch) };
}

export function toRollbackCommand(request: RollbackRewardModelRequest__Output): RollbackCommand {
  const { rewardModel, requestId, requester, reason } = request;
  return { rewardModel, requestId, requester, reason, expectedEpoch: Number(request.expectedEpoch) };
}

export function toRetireCommand(request: RetireRewardModelRequest__Output): RetireCommand {
  const { rewardModel, requestId, requester, reason } = request;
  return { rewardModel, requestId, requester, reason, target: retireTarget(request) };
}

function retireTarget({ target, staged, epoch }: RetireRewardModelRequest__Output): RetireTarget | undefined {
  if (target === 'staged') return staged === true ? { kind: 'staged' } : undefined;
  return target === 'epoch' && Number(epoch) >= 1 ? { kind: 'epoch', epoch: Number(epoch) } : undefined;
}

export function toReportCommand(request: GetSwapReportRequest__Output): ReportCommand {
  const { rewardModel, items, ignoreShadow, allowCost, seed } = request;
  const disagreementCountMax = request.disagreementCountMax ?? DISAGREEMENTS_DEFAULT;
  return { rewardModel, items: items.map(toAnnotateItem), ignoreShadow, allowCost, seed, disagreementCountMax };
}

export function toReportResponse({ report, disagreements, breaches }: ReportResult): GetSwapReportResponse {
  return {
    report: {
      ...toSwapReport(report),
      disagreements: disagreements.map(toDisagreement),
      breaches: breaches.map(toLimitBreach),
    },
  };
}

export function toVersionsResponse(
  lifecycle: RewardLifecycle,
  { rewardModel, eventCountMax }: ListRewardModelVersionsRequest__Output,
): ListRewardModelVersionsResponse {
  if (eventCountMax > EVENTS_MAX) {
    throw RequestInvalidError.of('event_count_max', `0 to ${EVENTS_MAX}`, String(eventCountMax));
  }
  const { state, models } = lifecycle.versions(rewardModel);
  const { slots } = models;
  const live = liveEpoch(slots).epoch;
  const epochs = slots.epochs.toReversed().map(({ epoch }) => {
    const served = lifecycle.registry.find(rewardModel, String(epoch));
    return toVersion(served.loaded, servedView(served, live));
  });
  const staged = slots.staged ? [toStagedVersion(lifecycle, rewardModel)] : [];
  return {
    versions: [...epochs.slice(0, 1), ...staged, ...epochs.slice(1)],
    events: state.events.slice(-(eventCountMax || EVENTS_DEFAULT)).map(toEvent),
    swapLimitsJson: limitsJson(lifecycle.limits),
    stateDurable: lifecycle.isDurable,
  };
}

function toStagedVersion(lifecycle: RewardLifecycle, rewardModel: string): RewardModelVersion {
  const { models } = lifecycle.versions(rewardModel);
  const { staged } = models.slots;
  const loaded = present(models.models.get(present(staged, 'a staged model').model), 'the staged model');
  const { serviceVersion } = lifecycle.registry.find(rewardModel).provenance;
  const shadow = lifecycle.shadowOf(rewardModel);
  return {
    ...toVersion(loaded, stagedView(models, serviceVersion)),
    trafficFraction: staged?.shadow?.trafficFraction ?? 0,
    shadowResponseCount: shadow?.ring.responseCount ?? 0,
    shadowDroppedCount: shadow?.counts.dropped ?? 0,
    shadowFailedCount: shadow?.counts.failed ?? 0,
  };
}

function toVersion({ spec, callCount, counts, description }: LoadedModel, view: ModelView): RewardModelVersion {
  return {
    rewardModel: toModel(view),
    specJson: JSON.stringify(spec),
    activeCallCount: callCount,
    responseCount: counts.started,
    mayBill: description.mayBill ?? false,
  };
}

export function toModel({ state, provenance, scoreMin, scoreMax }: ModelView): RewardModel {
  return {
    rewardModel: provenance.rewardModel,
    state: STATES[state],
    provenance: toWireProvenance(provenance),
    ...(scoreMin !== undefined && { scoreMin }),
    ...(scoreMax !== undefined && { scoreMax }),
  };
}

function toEvent(event: LifecycleEvent): RewardModelEvent {
  const { kind, atMs, epoch, weightsDigest, spec, requester, reason, requestId, forced, report, limits } = event;
  return {
    kind: EVENTS[kind],
    eventTime: toTimestamp(atMs),
    epoch,
    weightsDigest,
    specJson: JSON.stringify(spec),
    requester,
    reason,
    requestId,
    forced: forced ?? false,
    ...(report && { report: toSwapReport(report) }),
    swapLimitsJson: limitsJson(limits ?? {}),
  };
}

/** Empty where nothing is limited. */
function limitsJson(limits: object): string {
  const json = JSON.stringify(limits);
  return json === '{}' ? '' : json;
}

const STATES = {
  staged: 'REWARD_MODEL_STATE_STAGED',
  shadowing: 'REWARD_MODEL_STATE_SHADOWING',
  promoted: 'REWARD_MODEL_STATE_PROMOTED',
  superseded: 'REWARD_MODEL_STATE_SUPERSEDED',
  retired: 'REWARD_MODEL_STATE_RETIRED',
} as const satisfies { readonly [State in ModelState]: string };

const EVENTS = {
  configured: 'REWARD_MODEL_EVENT_KIND_CONFIGURED',
  staged: 'REWARD_MODEL_EVENT_KIND_STAGED',
  stage_failed: 'REWARD_MODEL_EVENT_KIND_STAGE_FAILED',
  shadow_started: 'REWARD_MODEL_EVENT_KIND_SHADOW_STARTED',
  shadow_stopped: 'REWARD_MODEL_EVENT_KIND_SHADOW_STOPPED',
  promoted: 'REWARD_MODEL_EVENT_KIND_PROMOTED',
  rolled_back: 'REWARD_MODEL_EVENT_KIND_ROLLED_BACK',
  retired: 'REWARD_MODEL_EVENT_KIND_RETIRED',
  lost: 'REWARD_MODEL_EVENT_KIND_LOST',
} as const satisfies { readonly [Kind in EventKind]: string };
