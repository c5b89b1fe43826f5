/** @file Why an adapter is refused. */
import { AppError } from '#core';

/** Thrown when an adapter contradicts its own spec or the base it is for. Maps to INVALID_ARGUMENT. */
export class AdapterInvalidError extends AppError {
  readonly code = 'ADAPTER_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(where: string, problem: string, cause?: unknown) {
    super(`${where}: ${problem}`, { facts: { where }, ...(cause === undefined ? {} : { cause }) });
  }
}
