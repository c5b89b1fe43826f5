/**
 * @file Asks again after failures that may pass, a bounded number of times.
 *
 * The waits double, and half of each is drawn by lot: many callers whom one server turned away come back one by one. A
 * server that names its own delay is believed, up to a limit.
 */
import { AppError, type Clock } from '#core';
import type { CallSettings } from './call-settings.js';
import { RewardRemoteError } from './remote.errors.js';

export interface Patience {
  readonly settings: Pick<CallSettings, 'attemptsMax' | 'backoffMs' | 'backoffMsMax' | 'retryAfterMsMax'>;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Called after a wait, before the next attempt; its failure is final. */
  readonly beforeRepeat?: (failure: RewardRemoteError) => Promise<void>;
}

/** @throws the last attempt's failure; the signal's reason when it aborts */
export async function persistently<T>(
  attempt: (number: number) => Promise<T>,
  { settings, clock, random, signal, beforeRepeat }: Patience,
): Promise<T> {
  for (let number = 1; ; number += 1) {
    try {
      return await attempt(number);
    } catch (thrown) {
      signal.throwIfAborted();
      const passes = thrown instanceof RewardRemoteError && thrown.mayPass;
      if (!passes || number >= settings.attemptsMax) throw thrown;
      const askedMs = thrown.retryAfterMs ?? 0;
      if (askedMs > settings.retryAfterMsMax) throw thrown;
      const backoffMs = Math.min(settings.backoffMs * 2 ** (number - 1), settings.backoffMsMax);
      await clock.sleep(Math.max(backoffMs / 2, askedMs) + (random() * backoffMs) / 2, signal);
      await beforeRepeat?.(thrown);
    }
  }
}

/** The result, after its outcome was told: `ok`, or the error's code. Whoever left tells nothing. */
export async function heard<T>(attempt: () => Promise<T>, onOutcome: (outcome: string) => void): Promise<T> {
  try {
    const result = await attempt();
    onOutcome('ok');
    return result;
  } catch (thrown) {
    if (thrown instanceof AppError) onOutcome(thrown.code);
    throw thrown;
  }
}
