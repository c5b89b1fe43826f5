/** @file A run's units as spans and metrics. */
import { AppError, systemClock } from '#core';
import { count, currentTraceparent, recordDuration, setGauge, withSpan } from '#platform/telemetry';
import type { RunObserver } from '../domain/run/run-observer.js';

export const telemetryObserver: RunObserver = {
  unit: async ({ runId, unitId, phase, iteration }, work) => {
    const startMs = systemClock.monotonicMs();
    let outcome = 'ok';
    try {
      return await withSpan('unit', { runId, unitId, phase, iteration }, work);
    } catch (error) {
      outcome = error instanceof AppError ? error.code : 'INTERNAL';
      throw error;
    } finally {
      recordDuration('unitDuration', systemClock.monotonicMs() - startMs, { phase, outcome });
    }
  },
  // version-trace-span-flags, https://www.w3.org/TR/trace-context/#traceparent-header
  traceId: () => currentTraceparent()?.split('-')[1],
  annotations: (rewardModel, { paid, found }) => {
    if (paid > 0) count('annotations', paid, { rewardModel, outcome: 'ok' });
    if (found > 0) count('ledgerHits', found, { rewardModel });
  },
};

/** Counts a call that is repeated. */
export function countRetry(phase: string, outcome: string): void {
  count('retries', 1, { phase, outcome });
}

/** Tells how far a policy replica is from the others. @param deltaMax nats */
export function recordParity(replica: string, deltaMax: number): void {
  setGauge('parityDelta', deltaMax, { replica });
}
