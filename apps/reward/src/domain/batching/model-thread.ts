/**
 * @file The thread of a classifier and its successors: a step that takes too long ends it, and the next one is opened when
 * somebody asks. All calls share it.
 */
import { AppError, messageOf, type Clock } from '#core';
import {
  openRewardModel,
  type BatchingOptions,
  type RewardModelDescription,
  type RewardModelSpec,
  type ThreadedRewardModel,
} from '#ml/reward-models';
import { RewardModelBrokenError } from '../reward.errors.js';
import { Watch } from './watch.js';

export interface ModelThreadOptions {
  /** For messages. */
  readonly rewardModel: string;
  readonly spec: RewardModelSpec;
  readonly batching: BatchingOptions;
  /** Longest time for one step: the tokens of some responses, or one batch through the model. In milliseconds. */
  readonly timeoutMs: number;
  /** Longest time for loading, in milliseconds. */
  readonly loadTimeoutMs: number;
  readonly clock: Clock;
}

/** Threads that may end one after the other without giving a single score; then the model is at fault, not a response. */
const FRUITLESS_THREADS_MAX = 16;

export class ModelThread {
  private closed = false;
  private reopening: Promise<ThreadedRewardModel | string> | undefined;
  private fruitlessCount = 0;
  private readonly late = new WeakSet<ThreadedRewardModel>();

  private constructor(
    private readonly options: ModelThreadOptions,
    private current: ThreadedRewardModel,
  ) {
    this.watch(current);
  }

  /** @throws RewardModelBrokenError (`REWARD_MODEL_BROKEN`) */
  static async start(options: ModelThreadOptions): Promise<ModelThread> {
    const model = await load(options);
    if (typeof model === 'string') throw new RewardModelBrokenError(options.rewardModel, model);
    return new ModelThread(options, model);
  }

  get description(): RewardModelDescription {
    return this.current.description;
  }

  /** A thread that takes calls, or the reason why there is none. */
  async model(): Promise<ThreadedRewardModel | string> {
    if (this.current.isAlive) return this.current;
    this.reopening ??= this.reopen().finally(() => (this.reopening = undefined));
    return await this.reopening;
  }

  /** True when the thread was ended because a step took too long. */
  wasLate(model: ThreadedRewardModel): boolean {
    return this.late.has(model);
  }

  /** A response got its outcome: the model works. */
  noteFruit(): void {
    this.fruitlessCount = 0;
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.current.isAlive) await this.current.dispose();
  }

  private async reopen(): Promise<ThreadedRewardModel | string> {
    if (this.closed) return 'the service is going down';
    this.fruitlessCount += 1;
    if (this.fruitlessCount > FRUITLESS_THREADS_MAX) {
      this.fruitlessCount = 0;
      return `its thread ended ${FRUITLESS_THREADS_MAX} times without giving a score`;
    }
    const model = await load(this.options);
    if (typeof model === 'string') return `its thread ended and cannot be started again: ${model}`;
    if (model.description.digest !== this.current.description.digest) {
      await model.dispose();
      return 'its files changed since the service started; restart the service to serve them under a new digest';
    }
    if (this.closed) await model.dispose();
    this.current = model;
    this.watch(model);
    return model;
  }

  private watch(model: ThreadedRewardModel): void {
    const { clock, timeoutMs } = this.options;
    const watch = new Watch(clock, timeoutMs, () => {
      this.late.add(model);
      model.terminate('it took too long');
    });
    model.watch({ busy: () => watch.restart(), idle: () => watch.stop() });
  }
}

/** The model, or the reason why it cannot be loaded. */
async function load(options: ModelThreadOptions): Promise<ThreadedRewardModel | string> {
  const { spec, batching, loadTimeoutMs, clock } = options;
  const tooLate = new AbortController();
  const loaded = new AbortController();
  clock.sleep(loadTimeoutMs, loaded.signal).then(
    () => tooLate.abort(),
    () => {},
  );
  try {
    return await openRewardModel(spec, { batching, signal: tooLate.signal });
  } catch (thrown) {
    if (tooLate.signal.aborted) return `loading it took over ${loadTimeoutMs} ms`;
    return thrown instanceof AppError ? `${thrown.code}: ${thrown.message}` : messageOf(thrown);
  } finally {
    loaded.abort();
  }
}
