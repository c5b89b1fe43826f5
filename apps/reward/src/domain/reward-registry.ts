/**
 * @file The reward models by name and epoch, as callers find them. Which model stands where is decided by the lifecycle;
 * here a name's slots are exchanged whole, in one step, so that a call sees either the old ones or the new ones.
 *
 * A call holds a lease on its model from its admission to its end: a swap in between changes nothing for it.
 */
import { RequestInvalidError, present } from '#core';
import { liveEpoch, warmEpochs, type Slots } from './lifecycle/slots.js';
import type { AnnotationCounts, LoadedModel } from './loaded-model.js';
import { provenanceOf, type Provenance } from './provenance.js';
import type { ResponseQueue } from './response-queue.js';
import type { BackendDescription, RewardBackend } from './reward-backend.js';
import { PageTokenInvalidError, RewardEpochMismatchError, RewardModelUnknownError } from './reward.errors.js';

export type { AnnotationCounts } from './loaded-model.js';

/** A model under one epoch. */
export interface ServedModel {
  readonly backend: RewardBackend;
  readonly description: BackendDescription;
  readonly provenance: Provenance;
  readonly queue: ResponseQueue;
  readonly counts: AnnotationCounts;
  /** The model itself, which other epochs may stand for too. */
  readonly loaded: LoadedModel;
}

/** What a caller insists on. */
export interface EpochPin {
  /** As on the wire; "0" accepts the epoch in service. @default '0' */
  readonly epoch?: string;
  /** Empty accepts any. @default '' */
  readonly weightsDigest?: string;
}

/** A model that stays open until it is released. */
export interface Lease {
  readonly model: ServedModel;
  /** May be called twice. */
  readonly release: () => void;
}

/** A name with what is loaded for it. */
export interface NamedModels {
  readonly slots: Slots;
  /** By the id in the slots. */
  readonly models: ReadonlyMap<number, LoadedModel>;
}

interface Entry extends NamedModels {
  /** Those that can answer, by epoch. */
  readonly epochs: ReadonlyMap<number, ServedModel>;
  readonly live: ServedModel;
}

export interface ModelPage {
  /** In service. */
  readonly models: readonly ServedModel[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

const PAGE_SIZE_DEFAULT = 100;
const PAGE_SIZE_MAX = 1000;
const PAGE_TOKEN_PREFIX = 'after:';

export class RewardRegistry {
  private readonly entries = new Map<string, Entry>();
  /** Models that no slot holds any more and whose last calls are still on their way. */
  private readonly leaving = new Set<LoadedModel>();

  constructor(private readonly serviceVersion: string) {}

  /** The model in service under a name, or of an epoch that is still warm; `epoch` as on the wire, "0" for any. */
  find(rewardModel: string, epoch = '0'): ServedModel {
    const { live, epochs, slots } = this.entry(rewardModel);
    if (epoch === '0') return live;
    const model = epochs.get(Number(epoch));
    if (!model)
      throw new RewardEpochMismatchError(rewardModel, epoch, liveEpoch(slots).epoch, { warm: warmEpochs(slots) });
    return model;
  }

  /** As `find`; the model stays open until the lease is released. */
  lease(rewardModel: string, { epoch = '0', weightsDigest = '' }: EpochPin = {}): Lease {
    const model = this.find(rewardModel, epoch);
    const { provenance, loaded } = model;
    if (weightsDigest !== '' && weightsDigest !== provenance.weightsDigest) {
      const got = `${provenance.epoch} of ${provenance.weightsDigest}`;
      throw new RewardEpochMismatchError(rewardModel, `${provenance.epoch} of ${weightsDigest}`, got);
    }
    return { model, release: loaded.enter() };
  }

  /** Models in service, sorted by name. `pageSize` 0 means 100. */
  list({ pageSize, pageToken }: { readonly pageSize: number; readonly pageToken: string }): ModelPage {
    if (pageSize > PAGE_SIZE_MAX) throw RequestInvalidError.of('page_size', `0 to ${PAGE_SIZE_MAX}`, String(pageSize));
    const after = pageToken === '' ? undefined : nameInToken(pageToken);
    const rest = this.names().filter((name) => after === undefined || name > after);
    const page = rest.slice(0, pageSize || PAGE_SIZE_DEFAULT);
    const lastName = page.at(-1);
    return {
      models: page.map((name) => this.entry(name).live),
      nextPageToken: page.length < rest.length && lastName !== undefined ? tokenAfter(lastName) : '',
    };
  }

  /** Sorted. */
  names(): string[] {
    return [...this.entries.keys()].sort();
  }

  /** All that is loaded for a name. @throws RewardModelUnknownError (`REWARD_MODEL_UNKNOWN`) */
  modelsOf(rewardModel: string): NamedModels {
    return this.entry(rewardModel);
  }

  /** Exchanges a name's slots. Models that they no longer hold close when their last call has ended. */
  put({ slots, models }: NamedModels): void {
    const before = this.entries.get(slots.rewardModel);
    const epochs = new Map(
      slots.epochs.map(({ epoch, model }) => [
        epoch,
        before?.epochs.get(epoch) ??
          this.served(slots.rewardModel, epoch, present(models.get(model), `model ${model}`)),
      ]),
    );
    const live = present(epochs.get(liveEpoch(slots).epoch), 'the epoch in service');
    const held = new Map(slots.models.map(({ id }) => [id, present(models.get(id), `model ${id}`)]));
    this.entries.set(slots.rewardModel, { slots, models: held, epochs, live });
    for (const [id, model] of before?.models ?? []) if (!held.has(id)) this.retire(model);
  }

  /** Closes all models, whoever uses them. */
  async close(): Promise<void> {
    const loaded = [...this.entries.values()].flatMap(({ models }) => [...models.values()]);
    await Promise.all([...loaded, ...this.leaving].map((model) => model.close()));
  }

  private retire(model: LoadedModel): void {
    this.leaving.add(model);
    void model.closed.then(() => this.leaving.delete(model));
    model.retire();
  }

  private served(rewardModel: string, epoch: number, loaded: LoadedModel): ServedModel {
    const { backend, description, queue, counts } = loaded;
    const { serviceVersion } = this;
    return {
      backend,
      description,
      queue,
      counts,
      loaded,
      provenance: provenanceOf({ rewardModel, epoch, serviceVersion }, description),
    };
  }

  private entry(rewardModel: string): Entry {
    const entry = this.entries.get(rewardModel);
    if (!entry) throw new RewardModelUnknownError(rewardModel, this.names());
    return entry;
  }
}

const tokenAfter = (name: string): string => Buffer.from(`${PAGE_TOKEN_PREFIX}${name}`).toString('base64url');

function nameInToken(pageToken: string): string {
  const text = Buffer.from(pageToken, 'base64url').toString();
  if (!text.startsWith(PAGE_TOKEN_PREFIX)) throw new PageTokenInvalidError();
  return text.slice(PAGE_TOKEN_PREFIX.length);
}
