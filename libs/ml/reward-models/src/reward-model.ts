/** @file What a reward model is to its users: texts in, one outcome per response out, and everything that names it. */
import type { AppError, Digest } from '#core';
import type { ChatMessage } from '#ml/tokenizer';

/** What a response answers. */
export interface RewardPrompt {
  /** Turns of a chat, oldest first; empty where the prompt is plain text. */
  readonly messages: readonly ChatMessage[];
  /** The plain text, or the contents of the turns, one per line. */
  readonly text: string;
}

export interface RewardInput {
  readonly prompt: RewardPrompt;
  readonly response: string;
}

export interface RewardScore {
  /** Higher is better; finite. */
  readonly score: number;
  /** Tokens that the model read. */
  readonly tokenCount: number;
  /** Tokens cut off before, where truncation is allowed. */
  readonly truncatedCount: number;
}

/** A score, or why there is none. A failure is never a score. */
export type RewardOutcome = ({ readonly ok: true } & RewardScore) | { readonly ok: false; readonly error: AppError };

export interface RewardModelDescription {
  readonly kind: 'lm-classifier' | 'onnx-classifier';
  /** For instance `LlamaForSequenceClassification`; the file's name where nothing tells. */
  readonly architecture: string;
  /** Names everything that could change a score: weights, tokenizer, template and settings. */
  readonly digest: Digest;
  /** Weights and configuration alone. */
  readonly weightsDigest: Digest;
  readonly tokenizerDigest: Digest;
  /** Null where no chat template is used. */
  readonly templateDigest: Digest | null;
  /** Name of the label whose logit is the score. */
  readonly label: string;
  /** Longest input, in tokens. */
  readonly tokensMax: number;
  readonly executionProvider: string;
  readonly dtype: 'float32';
  readonly scoreMin?: number;
  readonly scoreMax?: number;
}
