/** @file What can be wrong with a tensor file. */
import { AppError } from '#core';

/** A broken file may hold a name of megabytes. */
const TENSOR_NAME_SHOWN_MAX = 200;

/** Thrown when a file is not what the safetensors format asks for. Maps to INVALID_ARGUMENT. */
export class SafetensorsInvalidError extends AppError {
  readonly code = 'SAFETENSORS_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(where: string, problem: string, options: { tensorName?: string; cause?: unknown } = {}) {
    const { cause } = options;
    const tensorName = options.tensorName?.slice(0, TENSOR_NAME_SHOWN_MAX);
    super(`${where}: ${tensorName === undefined ? '' : `tensor ${tensorName}: `}${problem}`, {
      facts: { file: where, ...(tensorName === undefined ? {} : { tensorName }) },
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** Thrown when a tensor's element type is valid but not one that we compute with. Maps to UNIMPLEMENTED. */
export class DTypeUnsupportedError extends AppError {
  readonly code = 'DTYPE_UNSUPPORTED';
  readonly status = 'UNIMPLEMENTED';

  constructor(where: string, tensorName: string, dtype: string, supported: readonly string[]) {
    super(`${where}: tensor ${tensorName} holds ${dtype}; supported here: ${supported.join(', ')}`, {
      facts: { file: where, tensorName, dtype },
    });
  }
}

/** Thrown when a weight is NaN or infinite, from which every logit would be. Maps to INVALID_ARGUMENT. */
export class WeightNotFiniteError extends AppError {
  readonly code = 'WEIGHT_NOT_FINITE';
  readonly status = 'INVALID_ARGUMENT';

  constructor(where: string, tensorName: string, index: number, value: number) {
    super(`${where}: tensor ${tensorName}: element ${index} is ${value}: fetch or write the model again`, {
      facts: { file: where, tensorName, index },
    });
  }
}
