/** @file What `metaapo reward train` is about to do: the checked configuration, and where its result goes. */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { messageOf } from '#core';
import type { RewardTrainingSettings } from '#ml/reward-training';
import { loraRules, parseRewardTrainingConfig, type RewardTrainingConfig } from '#run-config';
import { UsageError } from '../cli.errors.js';
import { slug } from '../runs/run-plan.js';

export interface RewardTrainingPlan {
  readonly config: RewardTrainingConfig;
  /** Complete; its paths are relative to `baseDirectory`. */
  readonly configYaml: string;
  /** Names everything that the result depends on. */
  readonly digest: string;
  readonly baseDirectory: string;
  readonly runDirectory: string;
}

export interface PlanTrainingOptions {
  readonly configPath: string;
  /** `key=value` each, as `--set` takes them. */
  readonly overrides: readonly string[];
  /** @default runs/<name>-<digest> in the working directory, so that the same configuration goes on with its training */
  readonly runDirectory?: string | undefined;
}

/** Digits of the configuration's digest in the name of the directory. */
const DIGEST_DIGIT_COUNT = 10;

/** @throws `CONFIG_INVALID` with every problem; UsageError when the file cannot be read */
export async function planTraining(options: PlanTrainingOptions): Promise<RewardTrainingPlan> {
  const { configPath, overrides, runDirectory } = options;
  const text = await readFile(configPath, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`Expected a configuration file, got ${configPath}: ${messageOf(cause)}`, { cause });
  });
  const baseDirectory = resolve(dirname(configPath));
  const { config, resolvedYaml, digest } = parseRewardTrainingConfig(text, { overrides, baseDirectory });
  const digits = digest.slice('sha256:'.length).slice(0, DIGEST_DIGIT_COUNT);
  return {
    config,
    configYaml: resolvedYaml,
    digest,
    baseDirectory,
    runDirectory: resolve(runDirectory ?? join('runs', `${slug(config.name)}-${digits}`)),
  };
}

/** The configuration in the words of the training. @param modelPath where the model lies */
export function settingsOf({ config, baseDirectory }: RewardTrainingPlan, modelPath: string): RewardTrainingSettings {
  const { seed, threads, model, data, training, optimizer, evaluation, storage } = config;
  const at = (path: string) => resolve(baseDirectory, path);
  const atOrNull = (path: string | null) => (path === null ? null : at(path));
  const { kind, min_ratio: leastFactor, warm_up_ratio: warmUpRatio } = optimizer.schedule;
  return {
    seed,
    threads,
    model: {
      path: modelPath,
      name: model.path,
      training: model.training,
      lora: loraRules(config),
      loraInit: model.lora.init,
      chatTemplatePath: atOrNull(model.chat_template_path),
      padToken: model.pad_token,
    },
    data: {
      trainPath: at(data.train),
      badRowsMax: data.max_bad_rows,
      rowsMax: data.max_rows,
      marginColumn: data.margin_column,
      tokensMax: training.max_length,
    },
    optimizer: {
      learningRate: optimizer.learning_rate,
      betas: optimizer.betas,
      epsilon: optimizer.eps,
      weightDecay: optimizer.weight_decay,
      clip: optimizer.clip,
      schedule: { kind, leastFactor, warmUpRatio },
      batchSize: optimizer.batch_size,
    },
    evaluation: {
      heldOutPath: atOrNull(evaluation.held_out),
      fraction: evaluation.fraction,
      rowsMax: evaluation.max_rows,
    },
    centerRewardsCoefficient: training.center_rewards_coefficient ?? 0,
    epochCount: training.num_train_epochs,
    checkpointSteps: storage.checkpoint_steps,
    savesAdapter: storage.save_adapter,
  };
}
