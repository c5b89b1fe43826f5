/** @file What the trainer asks of the reward service. */
import type { Prompt } from '#contracts/common';
import type { Outcome } from './outcomes.js';
import type { CallOptions } from './policy-port.js';

/** What stands behind a name under one epoch; annotations are held to it. */
export interface RewardModel {
  readonly name: string;
  /** Decimal. */
  readonly epoch: string;
  /** The same model may come back under a later epoch; its digest tells. */
  readonly weightsDigest: string;
}

/** What is annotated: some reward models score an answer that was cut off lower than the same text that ended by itself. */
export interface Answer {
  readonly text: string;
  /** True when generation stopped for length. */
  readonly truncated: boolean;
}

export interface AnnotateUnit {
  /** The same for every repetition of the same unit, so that the service can tell. */
  readonly requestId: string;
  readonly model: RewardModel;
  readonly items: readonly {
    readonly itemId: string;
    readonly prompt: Prompt;
    readonly responses: readonly Answer[];
  }[];
}

export interface Score {
  /** Finite. */
  readonly score: number;
  readonly components: Readonly<Record<string, number>>;
}

export interface AnnotateResult {
  /** Per item, the outcome of each response. */
  readonly items: readonly Outcome<readonly Outcome<Score>[]>[];
  /** Provenance of all scores, as JSON; its epoch is a later one than the unit's where the model has come back under it. */
  readonly provenance: string;
}

export interface RewardCallOptions extends CallOptions {
  /** How long the call is repeated while the service is away. @default the service's own */
  readonly retryTimeMsMax?: number;
}

export interface RewardPort {
  /** What is in service under the name; while replicas are promoted one after the other, the newest. */
  describe(name: string, options: RewardCallOptions): Promise<RewardModel>;
  /** False when every replica says that it no longer answers for the model. */
  serves(model: RewardModel, options: RewardCallOptions): Promise<boolean>;
  /** All scores are of the unit's model, whatever has been promoted meanwhile. @throws RewardEpochGoneError */
  annotate(unit: AnnotateUnit, options: RewardCallOptions): Promise<AnnotateResult>;
}
