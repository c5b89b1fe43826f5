/**
 * @file Carries changes out, one after the other: decided on the state as it is, made durable, and only then visible, in one
 * step. A process that dies before the write has changed nothing; one that dies after it comes back with the change, and
 * the repetition of the request gets its answer.
 */
import { RequestInvalidError, digestOfJson, present, type Digest } from '#core';
import type { LoadedModel } from '../loaded-model.js';
import type { NamedModels, RewardRegistry } from '../reward-registry.js';
import { RewardModelUnknownError } from '../reward.errors.js';
import { unlessAborted } from '../unless-aborted.js';
import {
  changed,
  type LifecycleEvent,
  type ModelView,
  type NameState,
  type ServiceState,
  type StateStore,
} from './name-state.js';
import type { Slots } from './slots.js';

/** What a change makes of a name. */
export interface Plan {
  readonly slots: Slots;
  readonly events: readonly LifecycleEvent[];
  /** A model that the slots refer to newly, by its id. */
  readonly loaded?: readonly [id: number, model: LoadedModel];
  /** What the caller is told, made from the name after the change. */
  readonly answer: (after: NamedModels) => ModelView;
}

/** Hears of every change when it has become visible. */
export type ChangeListener = (after: NamedModels, events: readonly LifecycleEvent[]) => void;

export interface ChangesOptions {
  readonly registry: RewardRegistry;
  /** Of all names, those included that are not served. */
  readonly state: ServiceState;
  /** Absent: changes end with the process. */
  readonly store?: StateStore | undefined;
  readonly onChange: ChangeListener;
}

/** A request that changes something. */
export interface ChangeRequest {
  readonly rewardModel: string;
  /** Empty: a request of its own. */
  readonly requestId: string;
  /** Method and content, for telling repetitions from other requests. */
  readonly content: unknown;
}

export class Changes {
  private readonly states: Map<string, NameState>;
  /** Requests under way, by id. */
  private readonly flights = new Map<string, { readonly contentDigest: Digest; readonly answer: Promise<ModelView> }>();
  /** Settles when all changes so far are made. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ChangesOptions) {
    this.states = new Map(options.state);
  }

  /** @throws RewardModelUnknownError (`REWARD_MODEL_UNKNOWN`) */
  stateOf(rewardModel: string): NameState {
    const names = this.options.registry.names();
    if (!names.includes(rewardModel)) throw new RewardModelUnknownError(rewardModel, names);
    return present(this.states.get(rewardModel), `the state of ${rewardModel}`);
  }

  /** Carries a request out once: a repetition joins it or gets the answer that was given. The work outlives its caller. */
  async once(request: ChangeRequest, signal: AbortSignal, work: () => Promise<ModelView>): Promise<ModelView> {
    signal.throwIfAborted();
    const { requestId } = request;
    if (requestId === '') return await unlessAborted(work(), signal);
    const contentDigest = contentDigestOf(request);
    const flight = this.flights.get(requestId);
    const known = flight ?? this.keptAnswer(requestId);
    if (known && known.contentDigest !== contentDigest) {
      throw RequestInvalidError.of('request_id', 'the content it came with before, or a new id', 'other content');
    }
    if (known) return await unlessAborted(known.answer, signal);
    const answer = work().finally(() => this.flights.delete(requestId));
    this.flights.set(requestId, { contentDigest, answer });
    return await unlessAborted(answer, signal);
  }

  /** Makes a change of a name that is planned on its newest state. */
  async make(request: ChangeRequest, planOf: (state: NameState, models: NamedModels) => Plan): Promise<ModelView> {
    return await this.inTurn(async () => {
      const { registry } = this.options;
      const state = this.stateOf(request.rewardModel);
      const before = registry.modelsOf(request.rewardModel);
      const { slots, events, loaded, answer } = planOf(state, before);
      const after = { slots, models: new Map([...before.models, ...(loaded ? [loaded] : [])]) };
      const view = answer(after);
      const { requestId } = request;
      const kept = requestId === '' ? undefined : { requestId, contentDigest: contentDigestOf(request), answer: view };
      await this.keep(request.rewardModel, changed(state, { slots, events, answer: kept }));
      registry.put(after);
      this.options.onChange(registry.modelsOf(request.rewardModel), events);
      return view;
    });
  }

  /** Adds to a name's state what changes nothing for callers: an event, or a report. */
  async amend(rewardModel: string, amended: (state: NameState) => NameState): Promise<void> {
    await this.inTurn(async () => {
      const state = amended(this.stateOf(rewardModel));
      await this.keep(rewardModel, state);
      const { models } = this.options.registry.modelsOf(rewardModel);
      this.options.registry.put({ slots: state.slots, models });
    });
  }

  private async keep(rewardModel: string, state: NameState): Promise<void> {
    await this.options.store?.write(new Map(this.states).set(rewardModel, state));
    this.states.set(rewardModel, state);
  }

  private keptAnswer(requestId: string) {
    for (const { answers } of this.states.values()) {
      const kept = answers.find((one) => one.requestId === requestId);
      if (kept) return kept;
    }
    return undefined;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work);
    this.last = turn.catch(() => {});
    return await turn;
  }
}

const contentDigestOf = ({ rewardModel, content }: ChangeRequest): Digest => digestOfJson({ rewardModel, content });
