/**
 * @file The engine as its users see it: units of work in, results out.
 *
 * One call is one unit, computed as one batch whose composition the caller fixed; the same unit gives the same bits on
 * the same kind of processor with the same number of threads, whatever ran before or beside it. Token ids go in and come
 * out; text, templates and queueing are the caller's. Everything runs in a worker thread that owns ONNX Runtime, so the
 * caller's event loop stays free.
 */
import type { Digest, F32Tensor } from '#core';
import type { Adapter } from '#ml/adapters';
import type { LossKind } from '#ml/losses';

/** Digest of a resident adapter, or null for the base. */
export type PolicyRef = Digest | null;

/** Token ids in order, each in [0, vocabulary size). */
export type TokenSequence = readonly number[];

export interface EngineDescription {
  /** Digest of the model folder's config and weights. */
  readonly baseDigest: Digest;
  /** As in config.json, for instance `LlamaForCausalLM`. */
  readonly architecture: string;
  readonly contextTokensMax: number;
  readonly vocabularySize: number;
  readonly executionProvider: string;
  readonly dtype: 'float32' | 'float16' | 'bfloat16';
  /** What tokens are drawn with after a prompt's own pass; whatever enters a loss is float32. */
  readonly decodePrecision: DecodePrecision;
  /** The base's trainable tensors in canonical order. */
  readonly baseTensors: readonly { readonly name: string; readonly dims: readonly number[] }[];
}

/** `int8`: weights as 8-bit integers, made anew for every policy that generates. */
export type DecodePrecision = 'float32' | 'int8';

/** How far the distribution that tokens were drawn from is from float32's: Kullback–Leibler divergence in nats. */
export interface DecodeDivergence {
  readonly meanKl: number;
  readonly maxKl: number;
  /** Positions that were compared. */
  readonly positionCount: number;
}

export interface ScoreUnit {
  readonly policies: readonly PolicyRef[];
  readonly rows: readonly {
    readonly prompt: TokenSequence;
    /** Each with its end token where one is to be scored; at least one token. */
    readonly responses: readonly TokenSequence[];
  }[];
  readonly includeTokenLogProbs: boolean;
}

export interface ScoreResult {
  /** Per row and response. */
  readonly rows: readonly (readonly ResponseLogProbs[])[];
  readonly computeMs: number;
  readonly segments: readonly ComputeSegment[];
}

/** A stretch of computing inside a unit, from which the caller makes a span. Times are milliseconds since the epoch. */
export interface ComputeSegment {
  readonly name: 'score' | 'prefill' | 'decode' | 'gradient';
  readonly startMs: number;
  readonly endMs: number;
}

export interface ResponseLogProbs {
  /** Natural log, summed over response tokens in float64, one per policy; temperature 1, no truncation. */
  readonly sums: readonly number[];
  /** Token by token, one array per policy; only when asked for. */
  readonly tokens?: readonly Float32Array[];
}

export interface SamplingSettings {
  /** In [0, 100]; 0 is greedy (ties: the lowest id). */
  readonly temperature: number;
  /** 0 keeps all. */
  readonly topK: number;
  /** In (0, 1]; 1 keeps all. */
  readonly topP: number;
  /** In [1, context length]. */
  readonly maxNewTokens: number;
  /** The sample ends before the first stop text that appears in its decoded text. */
  readonly stop: readonly string[];
}

export interface GenerateUnit {
  readonly policy: PolicyRef;
  readonly rows: readonly {
    readonly prompt: TokenSequence;
    /** Sample k of this row is drawn from (seed, k) alone. */
    readonly seed: bigint;
  }[];
  readonly samplesPerPrompt: number;
  readonly sampling: SamplingSettings;
}

export type FinishReason = 'stop_token' | 'stop_text' | 'length';

export interface GeneratedSample {
  readonly rowIndex: number;
  readonly sampleIndex: number;
  /** New ids; the end token, and whatever reaches into a stop text, left out. */
  readonly tokenIds: TokenSequence;
  /**
   * Raw log-probability of `tokenIds`, and of the end token where one was drawn; temperature 1, no truncation. It is that
   * of the model the tokens were drawn from, 8-bit where the engine decodes so: for looking at, never for a loss.
   */
  readonly logProbSum: number;
  readonly finishReason: FinishReason;
}

export interface GenerateUsage {
  readonly promptTokenCount: number;
  /** End tokens included. */
  readonly newTokenCount: number;
  readonly decodeStepCount: number;
  readonly timeToFirstTokenMs: number;
  /** Measured on the first unit that an 8-bit policy generates, else absent. */
  readonly decodeDivergence?: DecodeDivergence;
  readonly computeMs: number;
  readonly segments: readonly ComputeSegment[];
}

export type { LossKind };

export interface Objective {
  readonly loss: LossKind;
  /** In (0, ∞). */
  readonly beta: number;
  /** SimPO's margin, in [0, ∞); other losses ignore it. */
  readonly gamma: number;
  /** Factor inside s = log σ(inputBeta · Δ_off), in (0, ∞). */
  readonly inputBeta: number;
}

/** w = σ(W2 · tanh(W1 s + b1) + b2). */
export interface MetaLearnerWeights {
  readonly hiddenWeights: Float32Array; // [hidden]
  readonly hiddenBiases: Float32Array; // [hidden]
  readonly outputWeights: Float32Array; // [hidden]
  readonly outputBias: number;
}

export type Weighting =
  | { readonly kind: 'meta_learner'; readonly weights: MetaLearnerWeights }
  | { readonly kind: 'constant'; readonly weight: number }
  | { readonly kind: 'per_item'; readonly weights: readonly number[] }
  | { readonly kind: 'sigmoid' };

export interface TokenPair {
  readonly chosen: TokenSequence;
  readonly rejected: TokenSequence;
}

export interface GradientUnit {
  readonly policy: Digest;
  /** Ignored by losses without a reference. */
  readonly reference: PolicyRef;
  readonly objective: Objective;
  readonly weighting: Weighting;
  readonly rows: readonly {
    readonly prompt: TokenSequence;
    /** Absent only where the weighting is the constant 0. */
    readonly offline?: TokenPair;
    /** Absent only where the weighting is the constant 1. */
    readonly online?: TokenPair;
  }[];
}

export interface PairValues {
  readonly chosen: number;
  readonly rejected: number;
}

export interface RowStatistics {
  /** Sums over tokens, or means for losses that average. */
  readonly policyOffline?: PairValues;
  readonly policyOnline?: PairValues;
  readonly referenceOffline?: PairValues;
  readonly referenceOnline?: PairValues;
  readonly ellOff?: number;
  readonly ellOn?: number;
  /** s = log σ(inputBeta · Δ_off). */
  readonly score?: number;
  readonly weight: number;
  readonly loss: number;
}

export interface GradientResult {
  readonly rows: readonly RowStatistics[];
  readonly lossSum: number;
  /** Sum over rows of ∂loss/∂tensor, under the adapter's names, in canonical order. */
  readonly gradients: ReadonlyMap<string, F32Tensor>;
  /** Tokens that went through forward and backward, padding excluded. */
  readonly tokenCount: number;
  readonly computeMs: number;
  readonly segments: readonly ComputeSegment[];
}

export interface ResidentAdapter {
  readonly digest: Digest;
  readonly kind: 'lora' | 'full';
  readonly residentBytes: number;
  readonly parameterCount: number;
}

/** What may be passed along with every unit. */
export interface UnitOptions {
  /** Aborting stops the unit before its next forward pass or decode step; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface PolicyEngine {
  readonly description: EngineDescription;
  /** Makes an adapter resident, evicting the least recently used ones beyond the byte limit. Returns how it is held. */
  putAdapter(digest: Digest, adapter: Adapter): Promise<ResidentAdapter>;
  /** False when it was not resident. */
  dropAdapter(digest: Digest): Promise<boolean>;
  /** The latest that was measured; null before the first 8-bit generation, and with float32. */
  decodeDivergence(): DecodeDivergence | null;
  /** Most recently used first. */
  listAdapters(): readonly ResidentAdapter[];
  /** @throws AdapterNotResidentError (`ADAPTER_NOT_RESIDENT`) — as do `generate` and `gradient`. */
  score(unit: ScoreUnit, options?: UnitOptions): Promise<ScoreResult>;
  /** Calls `onSample` as each sample finishes; awaits it, so that a slow consumer slows the decoding. */
  generate(
    unit: GenerateUnit,
    onSample: (sample: GeneratedSample) => void | Promise<void>,
    options?: UnitOptions,
  ): Promise<GenerateUsage>;
  gradient(unit: GradientUnit, options?: UnitOptions): Promise<GradientResult>;
  /** Ends the worker; units in flight reject. Calling it again is harmless. */
  dispose(): Promise<void>;
}
