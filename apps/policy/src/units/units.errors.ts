/** @file Why a unit of work is not computed. */
import { AppError } from '#core';

/** Thrown when as many units wait as may. Maps to RESOURCE_EXHAUSTED with RetryInfo. */
export class QueueFullError extends AppError {
  readonly code = 'QUEUE_FULL';
  readonly status = 'RESOURCE_EXHAUSTED';

  constructor(
    readonly queueUnitsMax: number,
    retryAfterMs: number,
  ) {
    super(`${queueUnitsMax} units wait for the engine, which is the limit; repeat the call in ${retryAfterMs} ms`, {
      facts: { queueUnitsMax },
      retryAfterMs,
    });
  }
}

/** Thrown when a unit's deadline passed before its turn came. Maps to DEADLINE_EXCEEDED. */
export class UnitExpiredError extends AppError {
  readonly code = 'UNIT_EXPIRED';
  readonly status = 'DEADLINE_EXCEEDED';

  constructor(readonly waitedMs: number) {
    super(`The call's deadline passed after ${Math.round(waitedMs)} ms in the queue; nothing was computed`, {
      facts: { waitedMs: Math.round(waitedMs) },
    });
  }
}
