/** @file What can go wrong when telemetry starts. */
import { AppError } from '#core';

/** Thrown when the Prometheus endpoint cannot listen. The service does not start without what it was asked for. */
export class MetricsAddressUnusableError extends AppError {
  readonly code = 'METRICS_ADDRESS_UNUSABLE';
  readonly status = 'UNAVAILABLE';

  constructor(
    readonly address: string,
    cause: NodeJS.ErrnoException,
  ) {
    const reason = cause.code === 'EADDRINUSE' ? 'another process does' : cause.message;
    super(`Cannot serve metrics on ${address}: ${reason}. Choose another metrics port (0: any free one)`, {
      facts: { address },
      cause,
    });
  }
}
