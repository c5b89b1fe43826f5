/** @file What a reward model's training is told. */
import type { LoraInit, LoraRules } from '#ml/adapters';
import type { Schedule } from '#ml/optim';

export interface RewardTrainingSettings {
  /** Every random choice derives from it. */
  readonly seed: number;
  /** Threads that share one kernel. */
  readonly threads: number;
  readonly model: ModelSettings;
  readonly data: DataSettings;
  readonly optimizer: OptimizerSettings;
  readonly evaluation: EvaluationSettings;
  /** κ of centred rewards, in [0, ∞). */
  readonly centerRewardsCoefficient: number;
  /** In (0, ∞). */
  readonly epochCount: number;
  /** Optimizer steps from one checkpoint to the next. */
  readonly checkpointSteps: number;
  /** True writes the low-rank update by itself too. */
  readonly savesAdapter: boolean;
}

export interface ModelSettings {
  /** Folder or GGUF file of the language model. */
  readonly path: string;
  /** The same as people and PEFT know it: a name on the Hub, or a relative path. */
  readonly name: string;
  readonly training: 'lora' | 'full';
  readonly lora: LoraRules;
  readonly loraInit: LoraInit;
  /** Path of a chat template instead of the model's own. */
  readonly chatTemplatePath: string | null;
  /** Padding token instead of the model's own. */
  readonly padToken: string | null;
}

export interface DataSettings {
  readonly trainPath: string;
  readonly badRowsMax: number;
  /** Pairs kept after the seeded shuffle. */
  readonly rowsMax: number | null;
  readonly marginColumn: string | null;
  /** Most tokens of a response with its prompt. */
  readonly tokensMax: number | null;
}

export interface OptimizerSettings {
  readonly learningRate: number;
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly clip: number;
  readonly schedule: { readonly kind: Schedule['kind']; readonly leastFactor: number; readonly warmUpRatio: number };
  /** Pairs per step. */
  readonly batchSize: number;
}

export interface EvaluationSettings {
  /** Null sets a share of the training pairs apart. */
  readonly heldOutPath: string | null;
  readonly fraction: number;
  readonly rowsMax: number | null;
}
