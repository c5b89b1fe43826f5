/** @file Takes absolute paths out of a configuration: what is written into a run directory must not name a machine. */
import { isAbsolute, relative } from 'node:path';
import { withRewardPaths, type RewardBackend } from './reward-section.js';
import type { RunConfig } from './run-config.js';
import { isUrl } from './storage-section.js';

/** The same configuration with every path relative to the folder. */
export function withRelativePaths(config: RunConfig, baseDirectory: string): RunConfig {
  const portable = (path: string) => (isAbsolute(path) ? relative(baseDirectory, path) || '.' : path);
  const portableOrNull = (path: string | null) => (path === null ? null : portable(path));
  const portablePlace = (place: string | null) => (place === null || isUrl(place) ? place : portable(place));
  const { weight } = config.algorithm;
  const rewards = Object.entries(config.rewards).map(([name, backend]): [string, RewardBackend] => {
    return [name, withRewardPaths(backend, portable)];
  });
  return {
    ...config,
    model: { ...config.model, path: portable(config.model.path) },
    data: { ...config.data, train: portable(config.data.train) },
    rewards: Object.fromEntries(rewards),
    algorithm: { ...config.algorithm, weight: { ...weight, snapshot: portableOrNull(weight.snapshot) } },
    evaluation: { ...config.evaluation, prompts: portableOrNull(config.evaluation.prompts) },
    ledger: portablePlace(config.ledger),
    storage: { ...config.storage, artifacts: portablePlace(config.storage.artifacts) },
  };
}
