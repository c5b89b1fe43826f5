/** @file What a reward model's thread and its owner say to each other. Calls are answered in the order they came in. */
import type { ThreadError } from '#ml/engine';
import type { RewardInput, RewardModelDescription, RewardScore } from '../reward-model.js';

/** To the thread. */
export type RewardThreadInput =
  | { readonly kind: 'score'; readonly callId: number; readonly inputs: readonly RewardInput[] }
  /** Nobody waits for this call any more. */
  | { readonly kind: 'cancel'; readonly callId: number }
  /** Release everything and end. */
  | { readonly kind: 'close' };

/** An outcome in a form that crosses threads. */
export type SettledOutcome =
  | ({ readonly ok: true } & RewardScore)
  | { readonly ok: false; readonly error: ThreadError };

/** From the thread. */
export type RewardThreadOutput =
  /** Sent first; or `open_failed` instead. */
  | { readonly kind: 'ready'; readonly description: RewardModelDescription }
  | { readonly kind: 'open_failed'; readonly error: ThreadError }
  /** Work on these inputs begins. */
  | {
      readonly kind: 'working';
      readonly callId: number;
      readonly phase: 'encode' | 'score';
      readonly indices: readonly number[];
    }
  | { readonly kind: 'settled'; readonly callId: number; readonly index: number; readonly outcome: SettledOutcome }
  /** Every input is settled, or the call was cancelled. */
  | { readonly kind: 'done'; readonly callId: number }
  /** The call broke for a reason that is nobody's input. */
  | { readonly kind: 'failed'; readonly callId: number; readonly error: ThreadError };
