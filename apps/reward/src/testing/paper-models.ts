/**
 * @file For tests: reward models without threads. A model of target t scores a response by its length, plus t: models with
 * targets far apart have disjoint ranges, so that every score tells who gave it.
 */
import { digestOfJson } from '#core';
import type { BackendSpec } from '../domain/backends/backend-kinds.js';
import type { ModelLoader } from '../domain/lifecycle/model-loader.js';
import type { LifecycleOptions } from '../domain/lifecycle/open-lifecycle.js';
import type { RewardLifecycle } from '../domain/lifecycle/reward-lifecycle.js';
import { LoadedModel } from '../domain/loaded-model.js';
import type { RewardBackend, ScoreOptions, ScoreOutcome, ScoreRequest } from '../domain/reward-backend.js';
import { RewardBackendFailedError, RewardModelBrokenError } from '../domain/reward.errors.js';
import { lifecycleOf } from './lifecycle-of.js';

/** The specs that are loaded here: rules by their target. */
export const paper = (target: number): BackendSpec => ({ backend: 'length', target });
export const paperJson = (target: number): string => JSON.stringify(paper(target));

/** A target that cannot be loaded. */
export const BROKEN = 666;

export class PaperBackend implements RewardBackend {
  /** Requests that it was given, call by call. */
  readonly calls: (readonly ScoreRequest[])[] = [];
  isClosed = false;
  /** Set by a test: calls wait for it. */
  gate: Promise<void> = Promise.resolve();

  constructor(
    readonly target: number,
    private readonly settings: PaperSettings,
  ) {}

  describe() {
    const { digestSalt = '', mayBill = false } = this.settings;
    return {
      kind: 'length',
      weightsDigest: digestOfJson({ target: this.target, salt: digestSalt }),
      executionProvider: 'javascript',
      dtype: 'float64',
      mayBill,
    };
  }

  async score(
    requests: readonly ScoreRequest[],
    { signal, onStart, onOutcome }: ScoreOptions,
  ): Promise<ScoreOutcome[]> {
    this.calls.push(requests);
    requests.forEach((_, index) => onStart(index));
    await this.gate;
    signal.throwIfAborted();
    if (this.isClosed) throw new TypeError('a closed model was asked');
    const outcomes = requests.map(({ response }): ScoreOutcome => {
      if (response === 'fail') return { ok: false, error: new RewardBackendFailedError('paper', 'it was told to') };
      return { ok: true, score: this.target + response.length, components: { characters: response.length } };
    });
    outcomes.forEach((outcome, index) => onOutcome?.(index, outcome));
    return outcomes;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

export interface PaperSettings {
  /** Part of every digest: files that changed. */
  readonly digestSalt?: string;
  readonly mayBill?: boolean;
}

export interface PaperLifecycle {
  readonly lifecycle: RewardLifecycle;
  /** All that were loaded, in order. */
  readonly backends: readonly PaperBackend[];
  /** Set by a test: loading waits for it. */
  loadGate: Promise<void>;
}

/** A lifecycle over paper models, which is closed after the tests. */
export async function paperLifecycle(
  specs: Readonly<Record<string, BackendSpec>>,
  options: Partial<LifecycleOptions> & PaperSettings = {},
): Promise<PaperLifecycle> {
  const backends: PaperBackend[] = [];
  const made = { loadGate: Promise.resolve(), backends } as unknown as { lifecycle: RewardLifecycle } & PaperLifecycle;
  const load: ModelLoader = async (rewardModel, spec) => {
    await made.loadGate;
    const target = 'target' in spec ? (spec.target ?? 0) : 0;
    if (target === BROKEN) throw new RewardModelBrokenError(rewardModel, 'it is broken');
    const backend = new PaperBackend(target, options);
    backends.push(backend);
    return new LoadedModel({ rewardModel, spec, backend, queueResponsesMax: 1000 });
  };
  const limits = { timeoutMs: 1000, loadTimeoutMs: 1000, queueResponsesMax: 1000 };
  const lifecycle = await lifecycleOf(specs, { ...limits, load, ...options });
  return Object.assign(made, { lifecycle });
}

/** The words of a command that every test leaves out. */
export const plain = { requestId: '', requester: '', reason: '' } as const;
export const calm = new AbortController().signal;

/** Stages a model and puts it into service. */
export async function promoteTo(lifecycle: RewardLifecycle, rewardModel: string, target: number): Promise<void> {
  const expectedEpoch = lifecycle.registry.find(rewardModel).provenance.epoch;
  await lifecycle.stage({ ...plain, rewardModel, specJson: paperJson(target) }, calm);
  await lifecycle.promote({ ...plain, rewardModel, expectedEpoch, force: false }, calm);
}
