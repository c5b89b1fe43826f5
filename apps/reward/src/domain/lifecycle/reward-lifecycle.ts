/**
 * @file The life of reward models beside live traffic: staged, shadowed, compared, promoted, rolled back, retired.
 *
 * What may happen is decided by `slots.ts`, made durable and visible by `changes.ts`; models are loaded here.
 */
import { type Clock, messageOf, present } from '#core';
import type { AnswerObserver } from '../annotator.js';
import type { BackendSpec } from '../backends/backend-kinds.js';
import type { LoadedModel } from '../loaded-model.js';
import type { NamedModels, RewardRegistry, ServedModel } from '../reward-registry.js';
import type { Changes, Plan } from './changes.js';
import type {
  ChangeCommand,
  PromoteCommand,
  ReportCommand,
  RetireCommand,
  RollbackCommand,
  ShadowCommand,
  StageCommand,
} from './lifecycle-commands.js';
import {
  checkChange,
  checkPromote,
  checkReport,
  checkRetire,
  checkRollback,
  checkShadow,
} from './lifecycle-commands.js';
import { RewardModelBrokenError } from '../reward.errors.js';
import { RewardModelAlreadyStagedError, SwapCostNotAllowedError } from './lifecycle.errors.js';
import { checkLimits } from './check-limits.js';
import { digestsOf, liveView, stagedView, viewOf } from './model-views.js';
import type { ModelLoader } from './model-loader.js';
import { changed, type EventKind, type LifecycleEvent, type ModelView, type NameState } from './name-state.js';
import type { AnsweredItem, Shadow } from './shadow.js';
import type { Shadows } from './shadows.js';
import {
  expectEpoch,
  liveEpoch,
  modelOf,
  promoted,
  retired,
  rolledBack,
  stagedOf,
  withReport,
  withShadow,
  withStaged,
  type EpochRecord,
  type Slots,
} from './slots.js';
import type { SwapLimits } from './swap-limits.js';
import { makeReport, type ReportResult } from './make-report.js';

export interface RewardLifecycleOptions {
  readonly registry: RewardRegistry;
  readonly changes: Changes;
  readonly shadows: Shadows;
  readonly load: ModelLoader;
  /** From the JSON of a request. @throws RequestInvalidError with the places inside the value */
  readonly parseSpec: (json: string) => BackendSpec;
  readonly limits: SwapLimits;
  /** Models that stay loaded beside the one in service, at least 1. */
  readonly warmModelsMax: number;
  readonly serviceVersion: string;
  readonly isDurable: boolean;
  readonly clock: Clock;
}

/** All of a name, for those who look after it. */
export interface NameReport {
  readonly state: NameState;
  readonly models: NamedModels;
}

export class RewardLifecycle implements AnswerObserver {
  readonly registry: RewardRegistry;
  readonly limits: SwapLimits;
  readonly isDurable: boolean;
  /** Names whose next model is being loaded. */
  private readonly staging = new Set<string>();
  /** Settles when all reports so far are made: they ask models besides live traffic, and one at a time is enough. */
  private lastReport: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  constructor(private readonly options: RewardLifecycleOptions) {
    this.registry = options.registry;
    this.limits = options.limits;
    this.isDurable = options.isDurable;
  }

  /** Loads a model beside the one in service. */
  async stage(command: StageCommand, signal: AbortSignal): Promise<ModelView> {
    checkChange(command);
    const { rewardModel, specJson } = command;
    this.options.changes.stateOf(rewardModel);
    const spec = this.options.parseSpec(specJson);
    const request = requestOf('stage', command, { spec });
    return await this.options.changes.once(request, signal, async () => {
      this.refuseSecond(rewardModel);
      this.staging.add(rewardModel);
      try {
        const loaded = await this.loaded(command, spec);
        const plan = ({ slots }: NameState): Plan => {
          const after = withStaged(slots, { spec, ...digestsOf(loaded) });
          const { model } = stagedOf(after);
          const { weightsDigest } = loaded.description;
          const event = this.event('staged', command, { epoch: 0, weightsDigest, spec });
          return { slots: after, events: [event], loaded: [model, loaded], answer: this.stagedView };
        };
        return await this.options.changes.make(request, plan).catch(async (thrown: unknown) => {
          await loaded.close();
          throw thrown;
        });
      } finally {
        this.staging.delete(rewardModel);
      }
    });
  }

  /** Lets the staged model score a share of live traffic; 0 stops that. */
  async shadow(command: ShadowCommand, signal: AbortSignal): Promise<ModelView> {
    checkShadow(command);
    const { trafficFraction, allowCost } = command;
    return await this.change('shadow', command, { trafficFraction, allowCost }, signal, ({ slots }, { models }) => {
      const staged = present(models.get(stagedOf(slots).model), 'the staged model');
      const { mayBill = false, kind } = staged.description;
      if (trafficFraction > 0 && mayBill && !allowCost) throw new SwapCostNotAllowedError(command.rewardModel, kind);
      const after = withShadow(slots, trafficFraction > 0 ? { trafficFraction } : undefined);
      const { weightsDigest } = staged.description;
      const kindOfEvent = trafficFraction > 0 ? 'shadow_started' : 'shadow_stopped';
      const share = trafficFraction > 0 ? `a share of ${trafficFraction}` : '';
      const reason = [share, command.reason].filter((part) => part !== '').join(': ');
      const event = this.event(kindOfEvent, { ...command, reason }, { epoch: 0, weightsDigest, spec: staged.spec });
      return { slots: after, events: [event], answer: this.stagedView };
    });
  }

  /** Compares the staged model with the one in service. */
  async report(command: ReportCommand, signal: AbortSignal): Promise<ReportResult> {
    checkReport(command);
    const turn = this.lastReport.then(async () => {
      signal.throwIfAborted();
      const { registry, shadows, limits, clock } = this.options;
      const { slots } = registry.modelsOf(command.rewardModel);
      const { model } = stagedOf(slots);
      const shadow = shadows.of(command.rewardModel);
      const result = await makeReport(command, { registry, shadow, limits, clock, signal });
      await this.options.changes.amend(command.rewardModel, (state) => {
        const isStill = state.slots.staged?.model === model && liveEpoch(state.slots).epoch === result.report.liveEpoch;
        return isStill ? changed(state, { slots: withReport(state.slots, result.report) }) : state;
      });
      return result;
    });
    this.lastReport = turn.catch(() => {});
    return await turn;
  }

  /** Puts the staged model into service. */
  async promote(command: PromoteCommand, signal: AbortSignal): Promise<ModelView> {
    checkPromote(command);
    const { expectedEpoch, force, reason } = command;
    return await this.change('promote', command, { expectedEpoch, force, reason }, signal, ({ slots }) => {
      expectEpoch(slots, expectedEpoch);
      const staged = stagedOf(slots);
      const report = checkLimits(slots, this.options.limits, force);
      const after = promoted(slots, this.options.warmModelsMax);
      const { spec, weightsDigest } = modelOf(slots, staged.model);
      const event = this.event('promoted', command, { epoch: liveEpoch(after.slots).epoch, weightsDigest, spec });
      const rests = { forced: force, report, limits: this.options.limits };
      return {
        slots: after.slots,
        events: [{ ...event, ...rests }, ...this.overflow(slots, after.retired)],
        answer: this.liveView,
      };
    });
  }

  /** Puts the model before back into service. */
  async rollback(command: RollbackCommand, signal: AbortSignal): Promise<ModelView> {
    checkRollback(command);
    const { expectedEpoch, reason } = command;
    return await this.change('rollback', command, { expectedEpoch, reason }, signal, ({ slots }) => {
      expectEpoch(slots, expectedEpoch);
      const after = rolledBack(slots, this.options.warmModelsMax);
      const { epoch, model } = liveEpoch(after.slots);
      const { spec, weightsDigest } = modelOf(after.slots, model);
      const event = this.event('rolled_back', command, { epoch, weightsDigest, spec });
      return { slots: after.slots, events: [event, ...this.overflow(slots, after.retired)], answer: this.liveView };
    });
  }

  /** Frees the staged model or a warm epoch. */
  async retire(command: RetireCommand, signal: AbortSignal): Promise<ModelView> {
    const target = checkRetire(command);
    return await this.change('retire', command, { target, reason: command.reason }, signal, ({ slots }, { models }) => {
      const after = retired(slots, target);
      const epoch = target.kind === 'epoch' ? target.epoch : 0;
      const id = epoch === 0 ? stagedOf(slots).model : slots.epochs.find((known) => known.epoch === epoch)!.model;
      const loaded = present(models.get(id), 'the model to retire');
      const { weightsDigest } = loaded.description;
      const name = { rewardModel: command.rewardModel, epoch, serviceVersion: this.options.serviceVersion };
      const event = this.event('retired', command, { epoch, weightsDigest, spec: loaded.spec });
      return { slots: after, events: [event], answer: () => viewOf(loaded, 'retired', name) };
    });
  }

  /** All slots of a name and what has happened to it. */
  versions(rewardModel: string): NameReport {
    return { state: this.options.changes.stateOf(rewardModel), models: this.registry.modelsOf(rewardModel) };
  }

  /** What the shadow of a name's staged model has seen; undefined where nothing is staged. */
  shadowOf(rewardModel: string): Shadow | undefined {
    return this.options.shadows.of(rewardModel);
  }

  wants(model: ServedModel): boolean {
    return this.options.shadows.wants(model);
  }

  observe(model: ServedModel, items: readonly AnsweredItem[]): void {
    this.options.shadows.observe(model, items);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.options.shadows.close();
    await this.registry.close();
  }

  private readonly stagedView = (after: NamedModels): ModelView => stagedView(after, this.options.serviceVersion);
  private readonly liveView = (after: NamedModels): ModelView => liveView(after, this.options.serviceVersion);

  private async change(
    method: string,
    command: ChangeCommand,
    content: object,
    signal: AbortSignal,
    planOf: (state: NameState, models: NamedModels) => Plan,
  ): Promise<ModelView> {
    const { changes } = this.options;
    changes.stateOf(command.rewardModel);
    const request = requestOf(method, command, content);
    return await changes.once(request, signal, async () => await changes.make(request, planOf));
  }

  private refuseSecond(rewardModel: string): void {
    const { staged, models } = this.options.changes.stateOf(rewardModel).slots;
    const waiting = models.find(({ id }) => id === staged?.model);
    if (waiting) throw new RewardModelAlreadyStagedError(rewardModel, waiting.weightsDigest);
    if (this.staging.has(rewardModel)) throw new RewardModelAlreadyStagedError(rewardModel, 'one that is being loaded');
  }

  /** A model that cannot be loaded leaves a trace in the history and nothing else. */
  private async loaded(command: StageCommand, spec: BackendSpec): Promise<LoadedModel> {
    const { load, changes } = this.options;
    try {
      const model = await load(command.rewardModel, spec);
      if (!this.isClosed) return model;
      await model.close();
      throw new RewardModelBrokenError(command.rewardModel, 'the service is going down');
    } catch (thrown) {
      const event = this.event(
        'stage_failed',
        { ...command, reason: messageOf(thrown) },
        { epoch: 0, weightsDigest: '', spec },
      );
      const traced = changes.amend(command.rewardModel, (state) => changed(state, { events: [event] }));
      await traced.catch(() => {}); // the caller needs the reason more than the history does
      throw thrown;
    }
  }

  private overflow(before: Slots, gone: readonly EpochRecord[]): LifecycleEvent[] {
    const { warmModelsMax } = this.options;
    const reason = `more than ${warmModelsMax} models were warm (REWARD_WARM_MODELS_MAX)`;
    const nobody = { requestId: '', requester: '', reason };
    return gone.map(({ epoch, model }) => {
      const { spec, weightsDigest } = modelOf(before, model);
      return this.event('retired', nobody, { epoch, weightsDigest, spec });
    });
  }

  private event(
    kind: EventKind,
    { requestId, requester, reason }: Pick<ChangeCommand, 'requestId' | 'requester' | 'reason'>,
    about: Pick<LifecycleEvent, 'epoch' | 'weightsDigest' | 'spec'>,
  ): LifecycleEvent {
    return { kind, atMs: this.options.clock.nowMs(), requestId, requester, reason, ...about };
  }
}

const requestOf = (method: string, { rewardModel, requestId }: ChangeCommand, content: object) => ({
  rewardModel,
  requestId,
  content: { method, ...content },
});
