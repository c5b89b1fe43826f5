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

/** Thrown when an adapter says that it was trained on another base. Maps to INVALID_ARGUMENT. */
export class AdapterBaseMismatchError extends AppError {
  readonly code = 'ADAPTER_BASE_MISMATCH';
  readonly status = 'INVALID_ARGUMENT';

  constructor(where: string, trainedOn: string, base: string) {
    super(`${where}: the adapter was trained on the base ${trainedOn}, got ${base}. Use it with the model it is for`, {
      facts: { where, trainedOn, base },
    });
  }
}
