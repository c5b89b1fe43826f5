/** @file The reward models by name: started together, found by callers, listed in pages, closed together. */
import { type Clock, RequestInvalidError } from '#core';
import { startBackend, type BackendSpec } from './backends/backend-kinds.js';
import { provenanceOf, type Provenance } from './provenance.js';
import { ResponseQueue } from './response-queue.js';
import type { BackendDescription, RewardBackend } from './reward-backend.js';
import { PageTokenInvalidError, RewardEpochMismatchError, RewardModelUnknownError } from './reward.errors.js';

/** What a model was asked to do since the service started. */
export interface AnnotationCounts {
  /** Responses given to the backend: each one costs, whatever comes of it. */
  started: number;
  /** Responses that got a score. */
  scored: number;
  /** Responses on which the backend failed. */
  failed: number;
}

/** A model in service. */
export interface ServedModel {
  readonly backend: RewardBackend;
  readonly description: BackendDescription;
  readonly provenance: Provenance;
  readonly queue: ResponseQueue;
  readonly counts: AnnotationCounts;
}

export interface RewardRegistryOptions {
  /** Longest time for one response, in milliseconds. */
  readonly timeoutMs: number;
  /** Longest time for loading one model, in milliseconds. */
  readonly loadTimeoutMs: number;
  /** Most responses waiting for one model. */
  readonly queueResponsesMax: number;
  readonly serviceVersion: string;
  readonly clock: Clock;
}

export interface ModelPage {
  readonly models: readonly ServedModel[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

/** The first model behind every name; a swap, once it is served, counts on from here. */
const FIRST_EPOCH = 1;
const PAGE_SIZE_DEFAULT = 100;
const PAGE_SIZE_MAX = 1000;
const PAGE_TOKEN_PREFIX = 'after:';

export class RewardRegistry {
  private constructor(private readonly models: ReadonlyMap<string, ServedModel>) {}

  /** Loads all models. @throws RewardModelBrokenError (`REWARD_MODEL_BROKEN`), after closing those that were loaded */
  static async start(
    specs: Readonly<Record<string, BackendSpec>>,
    options: RewardRegistryOptions,
  ): Promise<RewardRegistry> {
    const names = Object.keys(specs).sort();
    const started = await Promise.allSettled(
      names.map((rewardModel) => startBackend(specs[rewardModel]!, { ...options, rewardModel })),
    );
    const backends = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failure = started.find((result) => result.status === 'rejected');
    if (failure) {
      await Promise.all(backends.map((backend) => backend.close()));
      throw failure.reason;
    }
    return new RewardRegistry(new Map(names.map((name, i) => [name, servedModel(name, backends[i]!, options)])));
  }

  /** The model in service under a name; `epoch` as on the wire, "0" for any. */
  find(rewardModel: string, epoch = '0'): ServedModel {
    const model = this.models.get(rewardModel);
    if (!model) throw new RewardModelUnknownError(rewardModel, [...this.models.keys()]);
    const current = model.provenance.epoch;
    if (epoch !== '0' && epoch !== String(current)) throw new RewardEpochMismatchError(rewardModel, epoch, current);
    return model;
  }

  /** Models sorted by name. `pageSize` 0 means 100. */
  list({ pageSize, pageToken }: { readonly pageSize: number; readonly pageToken: string }): ModelPage {
    if (pageSize > PAGE_SIZE_MAX) throw RequestInvalidError.of('page_size', `0 to ${PAGE_SIZE_MAX}`, String(pageSize));
    const after = pageToken === '' ? undefined : nameInToken(pageToken);
    const rest = [...this.models].filter(([name]) => after === undefined || name > after);
    const page = rest.slice(0, pageSize || PAGE_SIZE_DEFAULT);
    const lastName = page.at(-1)?.[0];
    return {
      models: page.map(([, model]) => model),
      nextPageToken: page.length < rest.length && lastName !== undefined ? tokenAfter(lastName) : '',
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.models.values()].map(({ backend }) => backend.close()));
  }
}

function servedModel(rewardModel: string, backend: RewardBackend, options: RewardRegistryOptions): ServedModel {
  const description = backend.describe();
  const { serviceVersion, queueResponsesMax } = options;
  return {
    backend,
    description,
    provenance: provenanceOf({ rewardModel, epoch: FIRST_EPOCH, serviceVersion }, description),
    queue: new ResponseQueue({ rewardModel, responsesMax: queueResponsesMax }),
    counts: { started: 0, scored: 0, failed: 0 },
  };
}

const tokenAfter = (name: string): string => Buffer.from(`${PAGE_TOKEN_PREFIX}${name}`).toString('base64url');

function nameInToken(pageToken: string): string {
  const text = Buffer.from(pageToken, 'base64url').toString();
  if (!text.startsWith(PAGE_TOKEN_PREFIX)) throw new PageTokenInvalidError();
  return text.slice(PAGE_TOKEN_PREFIX.length);
}
