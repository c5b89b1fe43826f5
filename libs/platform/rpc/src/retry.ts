/**
 * @file Repeats a call after failures that pass, a bounded number of times.
 *
 * The delays double without jitter: work is a fixed list of units here, so callers do not arrive in herds, and a run
 * stays reproducible. A server that says when to come back (`RetryInfo`) is believed.
 */
import { AppError, systemClock, type Clock, type StatusName } from '#core';

export interface RetryPolicy {
  /** Most attempts, the first one included. Range [1, ∞). */
  readonly attemptsMax: number;
  /** Delay before the second attempt, in milliseconds; it doubles from then on. @default 100 */
  readonly delayMsFirst?: number;
  /** Longest delay that is not asked for by the server, in milliseconds. @default 5000 */
  readonly delayMsMax?: number;
  /** Which failures pass. @default UNAVAILABLE, and whatever carries `retryAfterMs` */
  readonly retryable?: (error: AppError) => boolean;
}

const PASSING_STATUSES: readonly StatusName[] = ['UNAVAILABLE'];

/** True for failures that a repetition may mend: UNAVAILABLE, and whatever the server asked to repeat. */
export function isPassing(error: AppError): boolean {
  return PASSING_STATUSES.includes(error.status) || error.retryAfterMs !== undefined;
}

/** Runs `attempt` until it succeeds, fails for good, or `attemptsMax` is reached; then throws its last error. */
export async function retrying<T>(
  attempt: (attemptIndex: number) => Promise<T>,
  policy: RetryPolicy,
  { clock = systemClock, signal }: { readonly clock?: Clock; readonly signal?: AbortSignal | undefined } = {},
): Promise<T> {
  const { attemptsMax, delayMsFirst = 100, delayMsMax = 5000, retryable = isPassing } = policy;
  for (let attemptIndex = 0; ; attemptIndex += 1) {
    try {
      return await attempt(attemptIndex);
    } catch (thrown) {
      const isLast = attemptIndex + 1 >= attemptsMax;
      if (isLast || !(thrown instanceof AppError) || !retryable(thrown)) throw thrown;
      const backoffMs = Math.min(delayMsFirst * 2 ** attemptIndex, delayMsMax);
      await clock.sleep(Math.max(backoffMs, thrown.retryAfterMs ?? 0), signal);
    }
  }
}
