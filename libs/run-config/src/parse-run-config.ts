/**
 * @file Reads a configuration: YAML text, then overrides, over the preset's defaults, checked as a whole. Whatever is
 * wrong is told in one go.
 */
import { stringify } from 'yaml';
import { checkShape, digestOfJson, type Digest } from '#core';
import { relationProblems } from './relations.js';
import { overrideProblems, applyOverrides } from './overrides.js';
import { PRESETS } from './presets.js';
import { runConfigSchema, type RunConfig } from './run-config.js';
import { inOrder, readTree } from './read-tree.js';
import { withRelativePaths } from './relative-paths.js';
import { ConfigInvalidError } from './run-config.errors.js';
import { schemaProblems } from './schema-problems.js';
import { merged, type Tree } from './tree.js';

export interface ParseOptions {
  /** `a.b=c` each, applied in order; c is read as YAML. Default none. */
  readonly overrides?: readonly string[];
  /**
   * Folder that relative paths start from. Given, absolute paths are rewritten relative to it, so that neither the
   * resolved text nor the digest depends on where things lie. Default: paths are left as they are.
   */
  readonly baseDirectory?: string;
}

export interface ParsedRunConfig {
  readonly config: RunConfig;
  /** The complete configuration, defaults and preset written out. Parsing it gives the same configuration. */
  readonly resolvedYaml: string;
  /**
   * Names everything that results depend on from the start. Left out: `units.concurrency`, `ledger` and `storage`, on which
   * results do not depend, and what a run may spend, wait for and do about swapped reward models, which may change between
   * two starts of it.
   */
  readonly digest: Digest;
}

/** @throws ConfigInvalidError (`CONFIG_INVALID`) with every problem. */
export function parseRunConfig(
  yamlText: string,
  { overrides = [], baseDirectory }: ParseOptions = {},
): ParsedRunConfig {
  const tree = readTree(yamlText);
  const badOverrides = overrideProblems(overrides);
  applyOverrides(tree, overrides);
  const complete = merged(presetOf(tree), tree) as Tree;
  const checked = checkShape(runConfigSchema, complete);
  const problems = schemaProblems(complete, checked.problems);
  problems.push(...badOverrides, ...relationProblems(complete, problems));
  if (!checked.data || problems.length > 0) throw new ConfigInvalidError(inOrder(problems));
  const config = baseDirectory === undefined ? checked.data : withRelativePaths(checked.data, baseDirectory);
  return { config, resolvedYaml: stringify(config, { lineWidth: 120 }), digest: resultDigest(config) };
}

/** Defaults of the preset that the tree names; those of `metaapo` when it names none that exists. */
function presetOf(tree: Tree): unknown {
  const name = tree['preset'];
  return typeof name === 'string' && Object.hasOwn(PRESETS, name)
    ? PRESETS[name as keyof typeof PRESETS]
    : PRESETS.metaapo;
}

function resultDigest(config: RunConfig): Digest {
  return digestOfJson(resultSettings(config));
}

/** What results depend on: the rest may change while a run goes on. */
export function resultSettings(config: RunConfig): object {
  const { budget: _, annotator_patience: _patience, annotator_backoff: _backoff, ledger: _ledger, ...rest } = config;
  const { storage: _storage, reward_swaps: _swaps, units, ...pinned } = rest;
  const { concurrency: _concurrency, ...sizes } = units;
  return { ...pinned, units: sizes };
}
