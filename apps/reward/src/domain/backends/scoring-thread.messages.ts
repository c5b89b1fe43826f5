/** @file What the service and a scoring thread say to each other. */
import type { Digest } from '#core';
import type { ScoreRequest } from '../reward-backend.js';

/** To the thread. */
export type ThreadInput =
  | { readonly kind: 'score'; readonly id: number; readonly request: ScoreRequest }
  /** The caller left: the scorer's signal aborts. */
  | { readonly kind: 'abort'; readonly id: number };

/** The scorer is loaded; sent once, first. */
export interface ThreadReady {
  readonly kind: 'ready';
  readonly weightsDigest: Digest;
  readonly scoreMin?: number;
  readonly scoreMax?: number;
}

/** The scorer cannot be loaded; sent instead of `ready`. */
export interface ThreadLoadFailed {
  readonly kind: 'load-failed';
  readonly reason: string;
}

/** The answer to a `score`. */
export type ThreadAnswer =
  | {
      readonly kind: 'scored';
      readonly id: number;
      readonly score: number;
      readonly components: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'failed'; readonly id: number; readonly reason: string };

export type ThreadOutput = ThreadReady | ThreadLoadFailed | ThreadAnswer;
