/**
 * @file The port behind which every kind of reward model stands: rules and modules today, networks and judges later.
 *
 * A backend scores; it knows nothing of names, epochs, limits or the wire. Those are the registry's and the annotator's.
 */
import type { AppError, Digest } from '#core';

export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

/** What a response answers. */
export interface PromptText {
  /** Turns of a chat, oldest first; empty where the prompt is plain text. */
  readonly messages: readonly ChatMessage[];
  /** The plain text, or the contents of the turns, one per line. */
  readonly text: string;
}

/** One response to score. */
export interface ScoreRequest {
  readonly prompt: PromptText;
  /** Not empty, well-formed Unicode. */
  readonly response: string;
  /** True when generation stopped for length. */
  readonly truncated: boolean;
  /**
   * The same in every repetition of the request, also by another process: who bills may bill it once. Absent where the
   * request has no id.
   */
  readonly idempotencyKey?: string;
}

export interface Score {
  /** Reward; higher is better. */
  readonly score: number;
  /** Named parts of the score, where the backend tells them. */
  readonly components: Readonly<Record<string, number>>;
}

/** A score, or why there is none. A failure is never a score. */
export type ScoreOutcome = ({ readonly ok: true } & Score) | { readonly ok: false; readonly error: AppError };

/** What a backend is; becomes part of the provenance of every score. */
export interface BackendDescription {
  /** Kind, for instance `vader`. */
  readonly kind: string;
  /** Digest of the weights, or of the rule's code and lexicon. */
  readonly weightsDigest: Digest;
  /** Absent where there is no tokenizer. */
  readonly tokenizerDigest?: Digest;
  /** Absent where there is no chat template. */
  readonly templateDigest?: Digest;
  /** For instance `cpu`; `javascript` for rules. */
  readonly executionProvider: string;
  /** Element type the score is computed in. */
  readonly dtype: string;
  /** What is done with what exceeds the model's window; absent where there is none. */
  readonly truncation?: 'refuse' | 'left' | 'right';
  /** True when a score may cost something outside of this service: then it is made durable as soon as it is there. */
  readonly mayBill?: boolean;
  /** Smallest score; absent when unbounded or unknown. */
  readonly scoreMin?: number;
  /** Largest score; absent when unbounded or unknown. */
  readonly scoreMax?: number;
}

/** Where the time of a call went, in milliseconds. */
export interface ScoreWork {
  readonly tokenizeMs: number;
  readonly computeMs: number;
}

export interface ScoreOptions {
  /** Stops the work; `score` then rejects with its reason. */
  readonly signal: AbortSignal;
  /** Called when the work on a response begins: from here on it costs. */
  readonly onStart: (index: number) => void;
  /** Called as soon as a response has its outcome, before its neighbours have theirs. */
  readonly onOutcome?: (index: number, outcome: ScoreOutcome) => void;
  /** Called with work as it is done, to be added up, by backends that tell tokenizing from computing. */
  readonly onWorked?: (work: ScoreWork) => void;
}

export interface RewardBackend {
  describe(): BackendDescription;
  /** One outcome per request, in order. A request that fails or hangs does not touch the others. */
  score(requests: readonly ScoreRequest[], options: ScoreOptions): Promise<ScoreOutcome[]>;
  /** Frees threads and memory. May be called twice. */
  close(): Promise<void>;
}
