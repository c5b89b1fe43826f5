/** @file What a report says of the models that stood behind the rewards' names, as plain data. */

/** Which models gave a run's scores, and when they changed. */
export interface RewardModelsReport {
  /** What the run was told to do about a promotion in its course. */
  readonly policy: 'pin' | 'follow' | 'rescore';
  /** Each epoch that the run asked or had scores of; in order of name and epoch. */
  readonly epochs: readonly RewardEpochReport[];
  /** In order. */
  readonly swaps: readonly RewardSwapReport[];
  /** Scores of answers that another model had scored before. */
  readonly rescoredCount: number;
}

export interface RewardEpochReport {
  readonly rewardModel: string;
  readonly epoch: number;
  /** Equal digests: the same model, under whatever epoch. */
  readonly weightsDigest: string;
  /** Responses scored in training, and found in the ledger. */
  readonly training: EpochAnnotations;
  readonly evaluation: EpochAnnotations;
}

export interface EpochAnnotations {
  readonly paid: number;
  /** Found in the ledger. */
  readonly found: number;
}

/** Another model than before. */
export interface RewardSwapReport {
  readonly rewardModel: string;
  /** The first iteration under it, from 0; the number of iterations where the last evaluation was the first. */
  readonly iteration: number;
  /** When the run took it up, ISO 8601. */
  readonly time: string;
  readonly from: { readonly epoch: number; readonly weightsDigest: string };
  readonly to: { readonly epoch: number; readonly weightsDigest: string };
  /** Where it was taken up in mid-iteration, since the model before was gone: prompts that were left for it. */
  readonly promptCount?: number;
}
