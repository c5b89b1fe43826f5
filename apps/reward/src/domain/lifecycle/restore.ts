/**
 * @file From what is configured and what is remembered to loaded models: every slot comes back as it was, under its epoch.
 *
 * An entry of `REWARD_MODELS` that was edited since is the operator's wish for another model: a promotion at start, unless
 * the model in service is that very model already. What is in service must be what its epoch stands for, or the service
 * does not start. A staged or warm model that cannot be had any more is lost, with a trace in the history.
 */
import { type Clock, canonicalJson, messageOf, present } from '#core';
import type { BackendSpec } from '../backends/backend-kinds.js';
import type { LoadedModel } from '../loaded-model.js';
import type { NamedModels } from '../reward-registry.js';
import { RewardModelChangedError } from './lifecycle.errors.js';
import { digestsOf, sameDigests } from './model-views.js';
import type { ModelLoader } from './model-loader.js';
import { changed, type EventKind, type LifecycleEvent, type NameState, type ServiceState } from './name-state.js';
import { configured, firstSlots, liveEpoch, modelOf, withoutModel, type ModelRecord, type Slots } from './slots.js';

/** What happens to the model in service whose files are not those that its epoch stands for. */
export type ChangedModels = 'refuse' | 'promote';

export interface RestoreOptions {
  readonly load: ModelLoader;
  readonly changedModels: ChangedModels;
  /** At least 1. */
  readonly warmModelsMax: number;
  readonly clock: Clock;
  /** Told of staged and warm models that could not be had. */
  readonly onLost?: ((rewardModel: string, reason: string) => void) | undefined;
}

/** A name, loaded. */
export interface RestoredName {
  readonly state: NameState;
  readonly models: NamedModels;
}

/** @throws RewardModelBrokenError, RewardModelChangedError, after closing what was loaded */
export async function restoreAll(
  specs: Readonly<Record<string, BackendSpec>>,
  remembered: ServiceState,
  options: RestoreOptions,
): Promise<RestoredName[]> {
  const opened: LoadedModel[] = [];
  const load: ModelLoader = async (rewardModel, spec) => {
    const model = await options.load(rewardModel, spec);
    opened.push(model);
    return model;
  };
  const names = Object.keys(specs).sort();
  const settled = await Promise.allSettled(
    names.map((name) => restoreName(name, specs[name]!, remembered.get(name), { ...options, load })),
  );
  const failure = settled.find((one) => one.status === 'rejected');
  if (failure) {
    await Promise.all(opened.map((model) => model.close()));
    throw failure.reason;
  }
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

async function restoreName(
  rewardModel: string,
  spec: BackendSpec,
  before: NameState | undefined,
  options: RestoreOptions,
): Promise<RestoredName> {
  if (!before) return await firstOf(rewardModel, spec, options);
  const live = await restoreLive(before, spec, options);
  let { slots, events } = live;
  const models = new Map(live.models);
  const others = before.slots.models.filter(
    ({ id }) => !models.has(id) && slots.models.some((known) => known.id === id),
  );
  const reopened = await Promise.all(others.map((record) => reopen(slots, record, options)));
  for (const [index, record] of others.entries()) {
    const loaded = reopened[index]!;
    if (typeof loaded !== 'string') {
      models.set(record.id, loaded);
      continue;
    }
    const epoch = slots.staged?.model === record.id ? 0 : epochOf(slots, record);
    slots = withoutModel(slots, record.id);
    events = [...events, eventOf('lost', { epoch, record, reason: loaded }, options.clock)];
    options.onLost?.(rewardModel, loaded);
  }
  const state = changed({ ...before, configured: spec }, { slots, events });
  return { state, models: { slots, models: only(models, slots) } };
}

async function firstOf(rewardModel: string, spec: BackendSpec, { load, clock }: RestoreOptions): Promise<RestoredName> {
  const loaded = await load(rewardModel, spec);
  const slots = firstSlots(rewardModel, { spec, ...digestsOf(loaded) });
  const record = modelOf(slots, 1);
  const events = [eventOf('configured', { epoch: 1, record, reason: '' }, clock)];
  return {
    state: { configured: spec, slots, events, answers: [] },
    models: { slots, models: new Map([[1, loaded]]) },
  };
}

interface Live {
  readonly slots: Slots;
  readonly events: readonly LifecycleEvent[];
  readonly models: ReadonlyMap<number, LoadedModel>;
}

/** The model in service: the remembered one, or the one that the configuration asks for now. */
async function restoreLive(before: NameState, spec: BackendSpec, options: RestoreOptions): Promise<Live> {
  const { slots } = before;
  const { epoch, model: id } = liveEpoch(slots);
  const record = modelOf(slots, id);
  const isEdited = canonicalJson(spec) !== canonicalJson(before.configured);
  const loaded = await options.load(slots.rewardModel, isEdited ? spec : record.spec);
  if (sameDigests(digestsOf(loaded), record)) {
    const models = slots.models.map((known) => (known.id === id ? { ...record, spec: loaded.spec } : known));
    return { slots: { ...slots, models }, events: [], models: new Map([[id, loaded]]) };
  }
  if (!isEdited && options.changedModels === 'refuse') {
    throw new RewardModelChangedError(slots.rewardModel, epoch, record.weightsDigest, loaded.description.weightsDigest);
  }
  const after = configured(slots, { spec: loaded.spec, ...digestsOf(loaded) }, options.warmModelsMax).slots;
  const begun = liveEpoch(after);
  const reason = isEdited ? 'REWARD_MODELS was edited' : 'the files of the model changed';
  const event = eventOf(
    'configured',
    { epoch: begun.epoch, record: modelOf(after, begun.model), reason },
    options.clock,
  );
  return { slots: after, events: [event], models: new Map([[begun.model, loaded]]) };
}

/** A staged or warm model, or why it cannot be had. */
async function reopen(
  { rewardModel }: Slots,
  record: ModelRecord,
  { load }: RestoreOptions,
): Promise<LoadedModel | string> {
  try {
    const loaded = await load(rewardModel, record.spec);
    if (sameDigests(digestsOf(loaded), record)) return loaded;
    await loaded.close();
    return `expected ${record.weightsDigest}, its files now give ${loaded.description.weightsDigest}`;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

function only(models: ReadonlyMap<number, LoadedModel>, slots: Slots): Map<number, LoadedModel> {
  return new Map(slots.models.map(({ id }) => [id, present(models.get(id), `model ${id}`)]));
}

const epochOf = ({ epochs }: Slots, { id }: ModelRecord): number =>
  epochs.findLast(({ model }) => model === id)?.epoch ?? 0;

function eventOf(
  kind: EventKind,
  { epoch, record, reason }: { readonly epoch: number; readonly record: ModelRecord; readonly reason: string },
  clock: Clock,
): LifecycleEvent {
  const { spec, weightsDigest } = record;
  return { kind, atMs: clock.nowMs(), epoch, weightsDigest, spec, requester: '', reason, requestId: '' };
}
