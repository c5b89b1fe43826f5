/** @file What the two kinds of classifiers share: an encoder of texts, and one pass over a batch. */
import type { Activation } from './settings.js';
import type { RewardInput, RewardModelDescription } from './reward-model.js';

export interface EncodedInput {
  /** At least one. */
  readonly ids: readonly number[];
  /** As long as `ids`; all 0 where the input is one text. */
  readonly tokenTypeIds: readonly number[];
  readonly truncatedCount: number;
}

/** Owns its weights and sessions, and keeps the thread that calls it busy. */
export interface Classifier {
  readonly description: RewardModelDescription;
  readonly label: { readonly index: number; readonly name: string; readonly activation: Activation };
  /** False where nothing may be padded. */
  readonly mayPad: boolean;
  /** False where a row's logits depend on the rows beside it: then every input is computed alone. */
  readonly rowsApart: boolean;
  /** @throws AppError when this input has no score; it says nothing about others */
  encode(input: RewardInput): EncodedInput;
  /** Label logits of each input, all in one pass, at one length. @param length of the longest, at least */
  logits(batch: readonly EncodedInput[], length: number): Promise<readonly Float32Array[]>;
  dispose(): Promise<void>;
}
