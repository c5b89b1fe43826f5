/**
 * @file Calls that are worth repeating: while a service is away, full or slow, the call is repeated with growing delays,
 * up to a bound in time; then the run fails by name and can be started again.
 */
import type { AppError, Clock } from '#core';
import { RemoteError } from '#platform/rpc';
import { mayPass } from './replicas/failures.js';
import { ServiceRefusedError, ServiceUnavailableError, type Service } from '../domain/ports/ports.errors.js';

export interface PersistenceOptions {
  /** Longest time that repetitions of one call may take, in milliseconds. */
  readonly retryTimeMsMax: number;
  readonly clock: Clock;
}

export interface PersistentCall<T> extends PersistenceOptions {
  readonly service: Service;
  /** Address, for messages. */
  readonly where: string;
  readonly signal: AbortSignal;
  readonly attempt: (attemptIndex: number) => Promise<T>;
  /** Called before a repetition. */
  readonly onRetry?: (error: AppError) => void;
}

const DELAY_MS_FIRST = 100;
const DELAY_MS_MAX = 5000;

/** @throws ServiceUnavailableError after the time is up, ServiceRefusedError at once for what repeating does not mend. */
export async function persistently<T>(call: PersistentCall<T>): Promise<T> {
  const { clock, signal, service, where, retryTimeMsMax } = call;
  const startMs = clock.monotonicMs();
  for (let attemptIndex = 0; ; attemptIndex++) {
    signal.throwIfAborted();
    try {
      return await call.attempt(attemptIndex);
    } catch (thrown) {
      signal.throwIfAborted();
      // What the trainer itself made of an answer is no failure of the service to answer.
      if (!(thrown instanceof RemoteError)) throw thrown;
      if (!mayPass(thrown)) throw new ServiceRefusedError(service, thrown.code, thrown.message, thrown);
      const delayMs = Math.max(Math.min(DELAY_MS_FIRST * 2 ** attemptIndex, DELAY_MS_MAX), thrown.retryAfterMs ?? 0);
      if (clock.monotonicMs() + delayMs - startMs > retryTimeMsMax) {
        throw new ServiceUnavailableError(service, where, attemptIndex + 1, thrown);
      }
      call.onRetry?.(thrown);
      await clock.sleep(delayMs, signal);
    }
  }
}
