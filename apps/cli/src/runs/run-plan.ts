/** @file What `metaapo run` is about to do: the checked configuration, its paths made absolute for the services. */
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { canonicalJson, messageOf } from '#core';
import { parseRunConfig, resultSettings, withRewardPaths, type RewardBackend, type RunConfig } from '#run-config';
import { UsageError } from '../cli.errors.js';

export interface RunPlan {
  /** Complete configuration as YAML; its paths are relative to `baseDirectory`. */
  readonly configYaml: string;
  /** As the trainer will have it. */
  readonly config: RunConfig;
  /** Names everything that results depend on, as the trainer names it. */
  readonly digest: string;
  readonly baseDirectory: string;
  readonly runDirectory: string;
  /** Files that the run reads, by the name of their digest in the run's status. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly iterationCount: number;
  /** As written: a path relative to `baseDirectory`, or a name on the Hub. */
  readonly model: string;
  readonly rewardModels: Readonly<Record<string, RewardBackend>>;
}

export interface PlanRunOptions {
  readonly configPath: string;
  /** `key=value` each, as `--set` takes them. */
  readonly overrides: readonly string[];
  /** @default runs/<name>-<digest> in the working directory, so that the same configuration goes on with its run */
  readonly runDirectory?: string | undefined;
  /** @default runs */
  readonly runsFolder?: string;
}

/** Digits of the configuration's digest in the name of a run's directory. */
const DIGEST_DIGIT_COUNT = 10;

/** @throws `CONFIG_INVALID` with every problem; UsageError when the file cannot be read */
export async function planRun(options: PlanRunOptions): Promise<RunPlan> {
  const { configPath, overrides, runDirectory, runsFolder = 'runs' } = options;
  const text = await readFile(configPath, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`Expected a configuration file, got ${configPath}: ${messageOf(cause)}`, { cause });
  });
  const { config, resolvedYaml, digest } = parseRunConfig(text, { overrides });
  const baseDirectory = resolve(dirname(configPath));
  const portable = parseRunConfig(resolvedYaml, { baseDirectory });
  const { prompts } = config.evaluation;
  const digits = digest.slice('sha256:'.length).slice(0, DIGEST_DIGIT_COUNT);
  return {
    configYaml: resolvedYaml,
    config: portable.config,
    digest: portable.digest,
    inputs: {
      data: resolve(baseDirectory, config.data.train),
      ...(prompts !== null && { held_out: resolve(baseDirectory, prompts) }),
    },
    baseDirectory,
    runDirectory: resolve(runDirectory ?? (await usualDirectory(runsFolder, portable.config, digits))),
    iterationCount: config.algorithm.iterations,
    model: config.model.path,
    rewardModels: Object.fromEntries(
      Object.entries(config.rewards).map(([name, reward]) => [
        name,
        withRewardPaths(reward, (path) => resolve(baseDirectory, path)),
      ]),
    ),
  };
}

/**
 * `runs/<name>-<digest>`, or the directory in which an earlier version began the same run: one that knew fewer settings
 * named it by another digest, and the same command must not pay for it again.
 */
async function usualDirectory(runsFolder: string, config: RunConfig, digits: string): Promise<string> {
  const name = `${slug(config.name)}-${digits}`;
  const names = await readdir(runsFolder).catch((): string[] => []);
  if (names.includes(name)) return join(runsFolder, name);
  const settings = canonicalJson(resultSettings(config));
  for (const other of names.filter((entry) => entry.startsWith(`${slug(config.name)}-`)).toSorted()) {
    const path = join(runsFolder, other);
    const text = await readFile(join(path, 'config.yaml'), 'utf8').catch(() => undefined);
    if (text !== undefined && settingsJson(text) === settings) return path;
  }
  return join(runsFolder, name);
}

function settingsJson(configYaml: string): string | undefined {
  try {
    return canonicalJson(resultSettings(parseRunConfig(configYaml).config));
  } catch {
    return undefined;
  }
}

/** A name as part of a path: lower case, other than letters and digits become single hyphens. */
export function slug(name: string): string {
  const words = name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.length > 0 ? words.join('-') : 'run';
}
