/** @file Reads the configuration of a reward model's training, checked as a whole. */
import { isAbsolute, relative } from 'node:path';
import { stringify } from 'yaml';
import { checkShape, digestOfJson, type Digest } from '#core';
import { applyOverrides, overrideProblems } from './overrides.js';
import type { ParseOptions } from './parse-run-config.js';
import { inOrder, readTree } from './read-tree.js';
import { rewardTrainingSchema, type RewardTrainingConfig } from './reward-training-config.js';
import { ConfigInvalidError } from './run-config.errors.js';
import { schemaProblems } from './schema-problems.js';

export interface ParsedRewardTrainingConfig {
  readonly config: RewardTrainingConfig;
  /** The complete configuration, defaults written out. Parsing it gives the same configuration. */
  readonly resolvedYaml: string;
  /** Names everything that the result depends on. */
  readonly digest: Digest;
}

/** @throws ConfigInvalidError (`CONFIG_INVALID`) with every problem. */
export function parseRewardTrainingConfig(
  yamlText: string,
  { overrides = [], baseDirectory }: ParseOptions = {},
): ParsedRewardTrainingConfig {
  const tree = readTree(yamlText);
  const problems = overrideProblems(overrides);
  applyOverrides(tree, overrides);
  const checked = checkShape(rewardTrainingSchema, tree);
  problems.push(...schemaProblems(tree, checked.problems));
  if (!checked.data || problems.length > 0) throw new ConfigInvalidError(inOrder(problems));
  const config = baseDirectory === undefined ? checked.data : withRelativePaths(checked.data, baseDirectory);
  return {
    config,
    resolvedYaml: stringify(config, { lineWidth: 120 }),
    digest: digestOfJson(rewardTrainingSettings(config)),
  };
}

/** What the result depends on: not how often it is kept. */
export function rewardTrainingSettings(config: RewardTrainingConfig): object {
  const { storage: _, ...settings } = config;
  return settings;
}

/** The same with every path relative to the folder: what is written into a run directory must not name a machine. */
function withRelativePaths(config: RewardTrainingConfig, baseDirectory: string): RewardTrainingConfig {
  const portable = (path: string) => (isAbsolute(path) ? relative(baseDirectory, path) || '.' : path);
  const portableOrNull = (path: string | null) => (path === null ? null : portable(path));
  const { model, data, evaluation } = config;
  return {
    ...config,
    model: { ...model, path: portable(model.path), chat_template_path: portableOrNull(model.chat_template_path) },
    data: { ...data, train: portable(data.train) },
    evaluation: { ...evaluation, held_out: portableOrNull(evaluation.held_out) },
  };
}
