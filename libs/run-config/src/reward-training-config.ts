/**
 * @file The configuration of `metaapo reward train`: one commented YAML file. Keys that TRL's RewardConfig has are called
 * as there; what a run has too is called as in a run's configuration.
 */
import { z } from 'zod';
import { flag, integer, oneOf, path, real, text } from './fields.js';
import { loraSection } from './sections.js';

const modelSection = z.strictObject({
  /** Required. Hugging Face folder or GGUF file of the language model that becomes the reward model. */
  path: path('a Hugging Face model folder or a GGUF file'),
  /** What is trained beside the head: low-rank updates, or every tensor. Default `lora`. */
  training: oneOf('lora', 'full').default('lora'),
  lora: loraSection.prefault({}),
  /** A Jinja file used, and saved, instead of the model's own chat template. Default null. */
  chat_template_path: path('a chat template').nullable().default(null),
  /** The token that the head looks past, where the model names none, or another than the model's. Default null. */
  pad_token: text('a token of the vocabulary').nullable().default(null),
});

const dataSection = z.strictObject({
  /** Required. Preference pairs, JSON lines or Parquet, in TRL's formats or UltraFeedback-binarized's columns. */
  train: path('a .jsonl or .parquet file of preference pairs'),
  /** Bad rows that are skipped and counted before the file is refused. Range [0, 1e9]. Default 0. */
  max_bad_rows: integer(0, 1e9).default(0),
  /** Pairs kept after the seeded shuffle, of those that are not too long; null keeps all. Range [1, 1e9]. Default null. */
  max_rows: integer(1, 1e9).nullable().default(null),
  /** Column with how far apart the rewards of a pair shall at least be, where the data has it; null reads none. Default `margin`. */
  margin_column: text('the name of a column').nullable().default('margin'),
});

const trainingSection = z.strictObject({
  /** Passes over the pairs. Range (0, 1000]. Default 1. */
  num_train_epochs: real({ min: 0, max: 1000, minOpen: true }).default(1),
  /** Pairs with a response that comes to more tokens, prompt and template included, are left out; null keeps what the model's window holds. Range [2, 1e6]. Default 1024. */
  max_length: integer(2, 1_000_000).nullable().default(1024),
  /** κ in loss + κ·(r_chosen + r_rejected)²; null is 0. Range [0, ∞). Default null. */
  center_rewards_coefficient: real({ min: 0 }).nullable().default(null),
});

const unitInterval = real({ min: 0, max: 1, maxOpen: true });

const optimizerSection = z.strictObject({
  /** AdamW's peak learning rate. Range (0, ∞). Default 1e-4. */
  learning_rate: real({ min: 0, minOpen: true }).default(1e-4),
  /** Decay rates of the moments, each in [0, 1). Default [0.9, 0.999]. */
  betas: z.tuple([unitInterval, unitInterval], { error: 'two numbers in [0, 1)' }).default([0.9, 0.999]),
  /** Added to the root of the second moment. Range (0, ∞). Default 1e-8. */
  eps: real({ min: 0, minOpen: true }).default(1e-8),
  /** Decoupled weight decay. Range [0, ∞). Default 0. */
  weight_decay: real({ min: 0 }).default(0),
  /** Largest gradient norm, (0, ∞). Default 1. */
  clip: real({ min: 0, minOpen: true }).default(1),
  schedule: z
    .strictObject({
      /** Course of the learning rate. Default `linear`. */
      kind: oneOf('linear', 'cosine', 'constant').default('linear'),
      /** Last learning rate over the peak, in [0, 1]. Default 0. Not for `constant`. */
      min_ratio: real({ min: 0, max: 1 }).default(0),
      /** Share of steps with a rising learning rate, in [0, 1). Default 0. */
      warm_up_ratio: unitInterval.default(0),
    })
    .prefault({}),
  /** Pairs per optimizer step; a last batch that is not full is trained on too. Range [1, 65536]. Default 8. */
  batch_size: integer(1, 65536).default(8),
});

const evaluationSection = z.strictObject({
  /** Held-out pairs, a file in any format of `data.train`; null sets pairs of `data.train` apart. Default null. */
  held_out: path('a file of held-out preference pairs').nullable().default(null),
  /** Share of the pairs that is set apart, all pairs of a prompt together. Range (0, 0.5]. Default 0.1. Only without `held_out`. */
  fraction: real({ min: 0, max: 0.5, minOpen: true }).default(0.1),
  /** Held-out pairs used, from the start of the file; null uses all. Range [1, 1e9]. Default null. Only with `held_out`. */
  max_rows: integer(1, 1e9).nullable().default(null),
});

const storageSection = z.strictObject({
  /** Optimizer steps from one checkpoint to the next; a restart computes the steps after the last one again. Range [1, 1e6]. Default 20. */
  checkpoint_steps: integer(1, 1_000_000).default(20),
  /** True writes the low-rank update by itself as well, a PEFT folder. Default true. Only for `model.training: lora`. */
  save_adapter: flag().default(true),
});

export const rewardTrainingSchema = z.strictObject({
  /** Required. Name of the reward model, for people. */
  name: text('a name that is not empty'),
  /** Every random choice derives from it. Range [0, 2^53). Default 1. */
  seed: integer(0, Number.MAX_SAFE_INTEGER).default(1),
  /** Threads that ONNX Runtime computes with; the last bits of the result depend on it. Range [1, 256]. Default 2. */
  threads: integer(1, 256).default(2),
  model: modelSection,
  data: dataSection,
  training: trainingSection.prefault({}),
  optimizer: optimizerSection.prefault({}),
  evaluation: evaluationSection.prefault({}),
  storage: storageSection.prefault({}),
});

/** A complete, checked configuration. */
export type RewardTrainingConfig = z.output<typeof rewardTrainingSchema>;
