/** @file What waits in a reward model's thread. */
import type { EncodedInput } from '../classifier.js';
import type { RewardInput } from '../reward-model.js';

/** An input by its call and its place in it. */
export interface Member {
  readonly callId: number;
  readonly index: number;
}

/** An input that came in. */
export interface Arrived extends Member {
  readonly input: RewardInput;
  /** True for one that may have broken the thread: it shares no step with others. */
  readonly alone: boolean;
}

/** An input that is tokens now, on its way to a batch. */
export interface Encoded extends Member {
  readonly encoded: EncodedInput;
  /** The length that it is computed at. */
  readonly paddedLength: number;
  readonly alone: boolean;
  /** Milliseconds that making it into tokens took. */
  readonly tokenizeMs: number;
  /** When it was ready to be computed, in the thread's own monotonic milliseconds. */
  readonly readyMs: number;
}
