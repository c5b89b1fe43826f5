/** @file What a reward model's thread and its owner say to each other. */
import type { ThreadError } from '#ml/engine';
import type { BatchingOptions } from '../batching/batching-options.js';
import type { Phase } from '../batching/batch-scorer.js';
import type { RewardInput, RewardModelDescription } from '../reward-model.js';
import type { RewardModelSpec } from '../settings.js';
import type { PackedMembers, PackedResults } from './packed.js';

/** What the thread is started with. */
export interface RewardThreadData {
  readonly spec: RewardModelSpec;
  readonly batching: BatchingOptions;
}

/** To the thread. */
export type RewardThreadInput =
  | {
      readonly kind: 'score';
      readonly callId: number;
      readonly inputs: readonly RewardInput[];
      /** Each in steps of its own. */
      readonly alone: boolean;
    }
  /** Nobody waits for this call any more. */
  | { readonly kind: 'cancel'; readonly callId: number }
  /** Release everything and end. */
  | { readonly kind: 'close' };

/** From the thread. */
export type RewardThreadOutput =
  /** Sent first; or `open_failed` instead. */
  | { readonly kind: 'ready'; readonly description: RewardModelDescription }
  | { readonly kind: 'open_failed'; readonly error: ThreadError }
  /** A step on these inputs begins. */
  | { readonly kind: 'working'; readonly phase: Phase; readonly members: PackedMembers }
  /** A step ended: outcomes, and what the model took for all of them together. */
  | { readonly kind: 'settled'; readonly results: PackedResults; readonly computeMs: number }
  /** A step broke for a reason that is nobody's input. */
  | { readonly kind: 'broken'; readonly members: PackedMembers; readonly error: ThreadError };
