/** @file Opens a reward model in a thread of its own. */
import { Worker } from 'node:worker_threads';
import type { BatchingOptions } from './batching/batching-options.js';
import type { RewardModelSpec } from './settings.js';
import type { RewardThreadData } from './thread/messages.js';
import { ThreadedRewardModel } from './threaded-reward-model.js';

export interface OpenRewardModelOptions {
  /** Gives up loading. */
  readonly signal?: AbortSignal;
  /** How inputs become batches. */
  readonly batching?: BatchingOptions | undefined;
}

/** Heap of the thread, in MiB: for tokenizers and templates; weights lie outside of it. */
const HEAP_MIB_MAX = 2048;

/** Resolves when the model is loaded. */
export async function openRewardModel(
  spec: RewardModelSpec,
  { signal, batching = {} }: OpenRewardModelOptions = {},
): Promise<ThreadedRewardModel> {
  const worker = new Worker(new URL('./thread/reward-thread.js', import.meta.url), {
    workerData: { spec, batching } satisfies RewardThreadData,
    stdout: true,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB_MAX },
  });
  // The owner's own output may be read by machines.
  worker.stdout.pipe(process.stderr, { end: false });
  return ThreadedRewardModel.start(worker, signal);
}
