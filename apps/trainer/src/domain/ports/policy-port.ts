/**
 * @file What the trainer asks of the policy service: units of work, and adapters to be resident. Results are plain data
 * that JSON holds faithfully, gradients apart, since the journal keeps them.
 */
import type { Digest, TensorMap } from '#core';
import type { Prompt, Response } from '#contracts/common';
import type { Adapter } from '#ml/adapters';
import type { LossKind } from '#ml/losses';
import type { Outcome } from './outcomes.js';

/** Digest of an adapter, or the empty text for the base. */
export type PolicyRef = Digest | '';

export interface PolicyDescription {
  readonly baseDigest: string;
  readonly tokenizerDigest: string;
  readonly chatTemplateDigest: string;
  readonly unitItemsMax: number;
  readonly samplesPerPromptMax: number;
  /** Precision of the weights that tokens are drawn with. */
  readonly decodePrecision: string;
  /** The base's tensors in canonical order. */
  readonly baseTensors: readonly { readonly name: string; readonly dims: readonly number[] }[];
}

export interface ScoreUnit {
  readonly policies: readonly PolicyRef[];
  readonly items: readonly {
    readonly itemId: string;
    readonly prompt: Prompt;
    readonly responses: readonly Response[];
  }[];
}

export interface ResponseLogProbs {
  /** Natural log, one per policy of the unit. */
  readonly sums: readonly number[];
  /** End token included where it was scored. */
  readonly tokenCount: number;
}

/** Per item, the outcome of each response. */
export type ScoreResult = readonly Outcome<readonly Outcome<ResponseLogProbs>[]>[];

export interface SamplingSettings {
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly maxNewTokens: number;
  readonly stop: readonly string[];
}

export interface GenerateUnit {
  readonly policy: PolicyRef;
  /** Seeds in decimal, since JSON has no 64-bit integers. */
  readonly items: readonly { readonly itemId: string; readonly prompt: Prompt; readonly seed: string }[];
  readonly samplesPerPrompt: number;
  readonly sampling: SamplingSettings;
}

export type Finish = 'stop_token' | 'stop_text' | 'length';

export interface Sample {
  /** End token excluded. */
  readonly tokenIds: readonly number[];
  readonly text: string;
  readonly logProbSum: number;
  readonly finish: Finish;
}

/** Per item, its samples in order of index. */
export type GenerateResult = readonly Outcome<readonly Sample[]>[];

export interface Objective {
  readonly loss: LossKind;
  readonly beta: number;
  readonly gamma: number;
  readonly inputBeta: number;
}

/** φ as the policy takes it; elements are float32 values. */
export interface PhiSnapshot {
  readonly version: number;
  readonly W1: readonly number[];
  readonly b1: readonly number[];
  readonly W2: readonly number[];
  readonly b2: number;
}

export type Weighting =
  | { readonly kind: 'meta'; readonly phi: PhiSnapshot }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'sigmoid' };

export interface ResponsePair {
  readonly chosen: Response;
  readonly rejected: Response;
}

export interface GradientUnit {
  readonly policy: Digest;
  readonly reference: PolicyRef;
  readonly objective: Objective;
  readonly weighting: Weighting;
  readonly items: readonly {
    readonly itemId: string;
    readonly prompt: Prompt;
    readonly offline?: ResponsePair;
    readonly online?: ResponsePair;
  }[];
}

export interface RowStatistics {
  readonly itemId: string;
  readonly ellOff?: number;
  readonly ellOn?: number;
  /** s, the meta-learner's input. */
  readonly score?: number;
  readonly weight: number;
  readonly loss: number;
}

export interface GradientResult {
  readonly statistics: readonly RowStatistics[];
  readonly lossSum: number;
  /** Sum over items, under the adapter's tensor names. */
  readonly gradients: TensorMap;
}

export interface CallOptions {
  readonly signal: AbortSignal;
}

/** What is known of one replica, for people. */
export interface ReplicaFigures {
  readonly address: string;
  readonly state: 'joining' | 'serving' | 'suspended' | 'refused';
  /** Units that it answered. */
  readonly unitCount: number;
  /** Comparisons with what is expected of every replica. */
  readonly checkCount: number;
  /** Largest difference of a log-probability, in nats; null where it was never compared. */
  readonly deltaMax: number | null;
}

export interface PolicyPort {
  describe(options: CallOptions): Promise<PolicyDescription>;
  /**
   * Names the sequences by whose log-probabilities replicas are compared: those that serve now, under the base, and from now
   * on every replica before its first unit and under every adapter.
   *
   * @throws ReplicaMismatchError (`REPLICA_MISMATCH`)
   */
  handshake(canary: ScoreUnit['items'], options: CallOptions): Promise<void>;
  replicas(): readonly ReplicaFigures[];
  score(unit: ScoreUnit, options: CallOptions): Promise<ScoreResult>;
  generate(unit: GenerateUnit, options: CallOptions): Promise<GenerateResult>;
  gradient(unit: GradientUnit, options: CallOptions): Promise<GradientResult>;
  /**
   * Makes the adapter known: pushed to every replica now, and again to one that lost it, until `forgetAdapter`.
   */
  offerAdapter(digest: Digest, adapter: Adapter, options: CallOptions): Promise<void>;
  /** Drops the adapter everywhere. One that is not known is no error. */
  forgetAdapter(digest: Digest, options: CallOptions): Promise<void>;
}
