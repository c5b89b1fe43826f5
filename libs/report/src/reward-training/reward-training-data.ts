/** @file What the report of a reward model's training is made of, as data; `report.json` holds all of it, and more of each step. */

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

/** What the page shows of an optimizer step. */
export interface RewardTrainingStep {
  /** From 1. */
  readonly step: number;
  readonly tokenCount: number;
  /** Mean over the batch. */
  readonly loss: number;
  /** Before clipping. */
  readonly gradientNorm: number;
}

export interface RewardHeldOutPair {
  readonly chosenTokenCount: number;
  readonly rejectedTokenCount: number;
  readonly before: { readonly chosen: number; readonly rejected: number };
  readonly after: { readonly chosen: number; readonly rejected: number };
}
