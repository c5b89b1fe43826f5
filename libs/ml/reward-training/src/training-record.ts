/** @file What a training came to, as plain data: the stuff of its report. */
import type { Digest } from '#core';
import type { PairRewards } from '#ml/engine';
import type { Overlap } from './held-out.js';
import type { DataCounts } from './read-pairs.js';
import type { StepRecord } from './training-state.js';

export interface RewardTrainingRecord {
  readonly model: TrainedModel;
  readonly data: TrainingData;
  readonly steps: readonly StepRecord[];
  readonly heldOut: readonly HeldOutPair[];
  /** Time of work, in all processes that worked on it. */
  readonly workMs: number;
}

export interface TrainedModel {
  /** For instance `LlamaForSequenceClassification`. */
  readonly architecture: string;
  readonly training: 'lora' | 'full';
  /** The head's included. */
  readonly trainedParameterCount: number;
  readonly digest: Digest;
  readonly baseDigest: Digest;
  readonly tokenizerDigest: Digest;
  readonly templateDigest: Digest | null;
  readonly padToken: string;
  /** Most tokens of a response with its prompt. */
  readonly tokensMax: number;
}

export interface TrainingData {
  readonly counts: DataCounts;
  readonly overlap: Overlap;
  readonly trainDigest: Digest;
  readonly heldOutDigest: Digest | null;
}

export interface HeldOutPair {
  readonly rowId: string;
  /** Tokens up to the one that is read, prompt included. */
  readonly chosenTokenCount: number;
  readonly rejectedTokenCount: number;
  readonly before: PairRewards;
  readonly after: PairRewards;
}
