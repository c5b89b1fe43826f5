/**
 * @file The slots of one name as plain data: the model in service under an epoch, warm models of earlier epochs, and at most
 * one staged model. What may happen to them is pure functions from slots to slots; loading and closing are elsewhere.
 *
 * Epochs only grow, one by one. The predecessor of the epoch in service is therefore the epoch one below, if it is still warm.
 */
import type { Digest } from '#core';
import type { BackendSpec } from '../backends/backend-kinds.js';
import { RewardEpochMismatchError } from '../reward.errors.js';
import {
  RewardModelAlreadyStagedError,
  RewardModelInServiceError,
  RewardModelNotStagedError,
  RollbackUnavailableError,
} from './lifecycle.errors.js';
import type { SwapReport } from './swap-report.js';

/** What tells one model from another. */
export interface ModelDigests {
  readonly weightsDigest: Digest;
  /** Empty where there is no tokenizer. */
  readonly tokenizerDigest: string;
  /** Empty where there is no chat template. */
  readonly templateDigest: string;
}

/** A loaded model. */
export interface ModelRecord extends ModelDigests {
  /** Unique among all models that the name ever had. */
  readonly id: number;
  readonly spec: BackendSpec;
}

/** An epoch that can answer. */
export interface EpochRecord {
  readonly epoch: number;
  /** Id of the model that it stands for. */
  readonly model: number;
}

export interface ShadowSettings {
  /** Share of live items, in (0, 1]. */
  readonly trafficFraction: number;
}

export interface StagedRecord {
  /** Id of the model. */
  readonly model: number;
  readonly shadow?: ShadowSettings | undefined;
  /** The last comparison with the model in service. */
  readonly report?: SwapReport | undefined;
}

export interface Slots {
  readonly rewardModel: string;
  /** Id of the next model. */
  readonly nextModel: number;
  /** Those that an epoch or the staged slot refers to. */
  readonly models: readonly ModelRecord[];
  /** Oldest first, at least one; the last one is in service. */
  readonly epochs: readonly EpochRecord[];
  readonly staged?: StagedRecord | undefined;
}

/** Slots after a change, with the epochs that it cost. */
export interface Swapped {
  readonly slots: Slots;
  /** Warm epochs that had to go, oldest first. */
  readonly retired: readonly EpochRecord[];
}

export type RetireTarget = { readonly kind: 'staged' } | { readonly kind: 'epoch'; readonly epoch: number };

/** Epochs that are kept of one name; a model that is swapped in and out has many. */
export const EPOCHS_MAX = 1000;

/** The slots of a name that was never served. */
export function firstSlots(rewardModel: string, model: Omit<ModelRecord, 'id'>): Slots {
  return { rewardModel, nextModel: 2, models: [{ ...model, id: 1 }], epochs: [{ epoch: 1, model: 1 }] };
}

export function liveEpoch({ epochs }: Slots): EpochRecord {
  return epochs.at(-1)!;
}

export function modelOf(slots: Slots, id: number): ModelRecord {
  return slots.models.find((model) => model.id === id)!;
}

/** @throws RewardModelNotStagedError (`REWARD_MODEL_NOT_STAGED`) */
export function stagedOf({ staged, rewardModel }: Slots): StagedRecord {
  if (!staged) throw new RewardModelNotStagedError(rewardModel);
  return staged;
}

/** @throws RewardModelAlreadyStagedError (`REWARD_MODEL_ALREADY_STAGED`) */
export function withStaged(slots: Slots, model: Omit<ModelRecord, 'id'>): Slots {
  if (slots.staged)
    throw new RewardModelAlreadyStagedError(slots.rewardModel, modelOf(slots, slots.staged.model).weightsDigest);
  const id = slots.nextModel;
  return { ...slots, nextModel: id + 1, models: [...slots.models, { ...model, id }], staged: { model: id } };
}

/** @throws RewardModelNotStagedError (`REWARD_MODEL_NOT_STAGED`) */
export function withShadow(slots: Slots, shadow: ShadowSettings | undefined): Slots {
  return { ...slots, staged: { ...stagedOf(slots), shadow } };
}

/** @throws RewardModelNotStagedError (`REWARD_MODEL_NOT_STAGED`) */
export function withReport(slots: Slots, report: SwapReport): Slots {
  return { ...slots, staged: { ...stagedOf(slots), report } };
}

/** The staged model goes into service. @throws RewardModelNotStagedError (`REWARD_MODEL_NOT_STAGED`) */
export function promoted(slots: Slots, warmModelsMax: number): Swapped {
  const { model } = stagedOf(slots);
  return inService({ ...slots, staged: undefined }, model, warmModelsMax);
}

/** A model from the configuration goes into service. */
export function configured(slots: Slots, model: Omit<ModelRecord, 'id'>, warmModelsMax: number): Swapped {
  const id = slots.nextModel;
  const known = { ...slots, nextModel: id + 1, models: [...slots.models, { ...model, id }] };
  return inService(known, id, warmModelsMax);
}

/** The model before goes into service again. @throws RollbackUnavailableError (`ROLLBACK_UNAVAILABLE`) */
export function rolledBack(slots: Slots, warmModelsMax: number): Swapped {
  const live = liveEpoch(slots);
  const before = slots.epochs.find(({ epoch }) => epoch === live.epoch - 1);
  if (!before) throw new RollbackUnavailableError(slots.rewardModel, live.epoch);
  return inService(slots, before.model, warmModelsMax);
}

/** @throws RewardModelNotStagedError, RewardModelInServiceError, RewardEpochMismatchError */
export function retired(slots: Slots, target: RetireTarget): Slots {
  if (target.kind === 'staged') {
    stagedOf(slots);
    return pruned({ ...slots, staged: undefined });
  }
  const { epoch } = target;
  const live = liveEpoch(slots).epoch;
  if (epoch === live) throw new RewardModelInServiceError(slots.rewardModel, epoch);
  if (!slots.epochs.some((known) => known.epoch === epoch)) {
    const remedy = 'Retire one that is warm.';
    throw new RewardEpochMismatchError(slots.rewardModel, String(epoch), live, { warm: warmEpochs(slots), remedy });
  }
  return pruned({ ...slots, epochs: slots.epochs.filter((known) => known.epoch !== epoch) });
}

/** A staged or warm model that could not be loaded again goes, with all its epochs. */
export function withoutModel(slots: Slots, id: number): Slots {
  const epochs = slots.epochs.filter(({ model }, index) => model !== id || index === slots.epochs.length - 1);
  return pruned({ ...slots, epochs, staged: slots.staged?.model === id ? undefined : slots.staged });
}

/** Numbers of the epochs that can answer besides the one in service, oldest first. */
export function warmEpochs({ epochs }: Slots): number[] {
  return epochs.slice(0, -1).map(({ epoch }) => epoch);
}

/** @throws RewardEpochMismatchError (`REWARD_EPOCH_MISMATCH`) when another epoch is in service */
export function expectEpoch(slots: Slots, expected: number): void {
  const { epoch } = liveEpoch(slots);
  if (epoch === expected) return;
  const remedy = 'Somebody has swapped it since: look at what is in service now, then decide again.';
  throw new RewardEpochMismatchError(slots.rewardModel, String(expected), epoch, { warm: warmEpochs(slots), remedy });
}

/** The next epoch begins with a model; whoever is warm beyond what may be goes, the oldest first. */
function inService(slots: Slots, model: number, warmModelsMax: number): Swapped {
  const epochs = [...slots.epochs, { epoch: liveEpoch(slots).epoch + 1, model }];
  const warm = [...new Set(epochs.map((known) => known.model).reverse())].filter((id) => id !== model);
  const kept = new Set([model, ...warm.slice(0, warmModelsMax)]);
  const isKept = ({ model: id }: EpochRecord, index: number): boolean =>
    kept.has(id) && index >= epochs.length - EPOCHS_MAX;
  return {
    slots: pruned({ ...slots, epochs: epochs.filter(isKept) }),
    retired: epochs.filter((known, index) => !isKept(known, index)),
  };
}

function pruned(slots: Slots): Slots {
  const used = new Set([...slots.epochs.map(({ model }) => model), slots.staged?.model]);
  return { ...slots, models: slots.models.filter(({ id }) => used.has(id)) };
}
