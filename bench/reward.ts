/** @file The reward service under load: its overhead per call, and batches across callers. */
import type { Benchmark } from './benchmark.js';
import { rewardBatching } from './reward-batching.js';
import { rewardOverhead } from './reward-overhead.js';

export const reward: Benchmark = async (setting, surroundings) => [
  ...(await rewardOverhead(setting, surroundings)),
  ...(await rewardBatching(setting, surroundings)),
];
