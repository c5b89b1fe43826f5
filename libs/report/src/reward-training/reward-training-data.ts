/** @file What the report of a reward model's training says, as data: `report.json`. */

export const REWARD_TRAINING_FORMAT = 'metaapo.reward-training-report/1';

/** What was measured and counted. */
export interface RewardTrainingData {
  readonly name: string;
  readonly seed: number;
  readonly serviceVersion: string;
  /** Resolved. */
  readonly configYaml: string;
  readonly model: {
    readonly base: string;
    readonly architecture: string;
    readonly training: 'lora' | 'full';
    readonly trainedParameterCount: number;
    readonly padToken: string;
    readonly tokensMax: number;
  };
  readonly data: {
    readonly counts: Readonly<Record<RewardDataCount, number>>;
    /** Held-out pairs that were trained on: by prompt, and prompt and responses. */
    readonly overlap: { readonly promptCount: number; readonly pairCount: number };
  };
  readonly steps: readonly RewardTrainingStep[];
  readonly heldOut: readonly RewardHeldOutPair[];
  /** Time of work, in all processes. */
  readonly workMs: number;
  readonly digests: Readonly<Record<string, string>>;
}

export type RewardDataCount =
  | 'trainPairs'
  | 'heldOutPairs'
  | 'badRows'
  | 'unusable'
  | 'tooLong'
  | 'same'
  | 'withMargin';

export interface RewardTrainingStep {
  readonly step: number;
  readonly epoch: number;
  readonly pairCount: number;
  readonly tokenCount: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly chosenMean: number;
  readonly rejectedMean: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
}

export interface RewardHeldOutPair {
  readonly rowId: string;
  readonly chosenTokenCount: number;
  readonly rejectedTokenCount: number;
  readonly before: { readonly chosen: number; readonly rejected: number };
  readonly after: { readonly chosen: number; readonly rejected: number };
}
