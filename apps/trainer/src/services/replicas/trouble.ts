/** @file What went wrong with a unit so far, wherever it was tried. */
import type { Replica } from './replica.js';

/** A replica cannot do a unit: not yet, or never, whatever it does later. */
export type Inability = 'now' | 'ever';

export class Trouble<C> {
  sinceMs: number | undefined;
  attempts = 0;
  /** Deadlines that ran out. */
  misses = 0;
  /** Of the last attempt. */
  timeoutMs = 0;
  /** Refusals in a row for lack of room. */
  refusals = 0;
  avoid: Replica<C> | undefined;
  /** Replicas that the unit is not for. */
  readonly unable = new Map<Replica<C>, Inability>();
  last: unknown;
}
