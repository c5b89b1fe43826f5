/**
 * @file Reward models that are computed: a classifier in a thread of its own. Responses of all calls share its batches; a
 * score is the same bits whatever its neighbours are.
 */
import type { Clock } from '#core';
import type { BatchingOptions } from '#ml/reward-models';
import { BatchedCall } from '../batching/batched-call.js';
import { ModelThread } from '../batching/model-thread.js';
import type { BackendDescription, RewardBackend, ScoreOptions, ScoreOutcome, ScoreRequest } from '../reward-backend.js';
import { unlessAborted } from '../unless-aborted.js';
import { toRewardModelSpec, type ClassifierBackendSpec } from './classifier-spec.js';

export interface ClassifierBackendOptions {
  /** For messages. */
  readonly rewardModel: string;
  readonly spec: ClassifierBackendSpec;
  /** @default batches across calls, without waiting */
  readonly batching?: BatchingOptions | undefined;
  /** Longest time for one step: the tokens of some responses, or one batch through the model. In milliseconds. */
  readonly timeoutMs: number;
  /** Longest time for loading, in milliseconds. */
  readonly loadTimeoutMs: number;
  readonly clock: Clock;
}

export class ClassifierBackend implements RewardBackend {
  private constructor(
    private readonly options: ClassifierBackendOptions,
    private readonly thread: ModelThread,
  ) {}

  /** @throws RewardModelBrokenError (`REWARD_MODEL_BROKEN`) */
  static async start(options: ClassifierBackendOptions): Promise<ClassifierBackend> {
    const { spec, batching = {} } = options;
    const thread = await ModelThread.start({ ...options, spec: toRewardModelSpec(spec), batching });
    return new ClassifierBackend(options, thread);
  }

  describe(): BackendDescription {
    const { kind, digest, tokenizerDigest, templateDigest, executionProvider, dtype, scoreMin, scoreMax } =
      this.thread.description;
    return {
      kind,
      weightsDigest: digest, // whatever could change a score is in it: scores are remembered by this digest
      tokenizerDigest,
      ...(templateDigest !== null && { templateDigest }),
      executionProvider,
      dtype,
      truncation: this.options.spec.truncation ?? 'refuse',
      ...(scoreMin !== undefined && { scoreMin }),
      ...(scoreMax !== undefined && { scoreMax }),
    };
  }

  async score(requests: readonly ScoreRequest[], options: ScoreOptions): Promise<ScoreOutcome[]> {
    const { rewardModel, timeoutMs } = this.options;
    options.signal.throwIfAborted(); // before the call begins: nobody would hear how it ends
    const call = new BatchedCall(this.thread, requests, { ...options, rewardModel, timeoutMs });
    return await unlessAborted(call.run(), options.signal);
  }

  async close(): Promise<void> {
    await this.thread.close();
  }
}
