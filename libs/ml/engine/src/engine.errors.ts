/** @file Why the engine refuses a unit, or fails. */
import { AppError, type Digest } from '#core';

/** Thrown when a unit names an adapter that is not in memory; put it, then repeat. Maps to FAILED_PRECONDITION. */
export class AdapterNotResidentError extends AppError {
  readonly code = 'ADAPTER_NOT_RESIDENT';
  readonly status = 'FAILED_PRECONDITION';

  constructor(readonly digest: Digest) {
    super(`Adapter ${digest} is not resident: put it, then repeat the call`, { facts: { digest } });
  }
}

/** Thrown when an adapter alone exceeds the memory set aside for adapters. Maps to RESOURCE_EXHAUSTED. */
export class AdapterTooLargeError extends AppError {
  readonly code = 'ADAPTER_TOO_LARGE';
  readonly status = 'RESOURCE_EXHAUSTED';

  constructor(digest: Digest, residentBytes: number, cacheBytesMax: number) {
    super(`Adapter ${digest} needs ${residentBytes} bytes with its merged weights, the cache holds ${cacheBytesMax}`, {
      facts: { digest, residentBytes, cacheBytesMax },
    });
  }
}

/** Thrown for an adapter that needs other weights than those that stay on the device. Maps to FAILED_PRECONDITION. */
export class AdapterUnsupportedOnDeviceError extends AppError {
  readonly code = 'ADAPTER_UNSUPPORTED_ON_DEVICE';
  readonly status = 'FAILED_PRECONDITION';

  constructor(problem: string) {
    super(
      `The adapter cannot be used beside weights that stay on a device: ${problem}; use LoRA on the layers, or cpu`,
    );
  }
}

/** Thrown when an engine is to decode in a precision that its execution provider does not offer. */
export class DecodePrecisionUnsupportedError extends AppError {
  readonly code = 'DECODE_PRECISION_UNSUPPORTED';
  readonly status = 'FAILED_PRECONDITION';

  constructor(decodePrecision: string, executionProvider: string) {
    super(
      `Decoding in ${decodePrecision} is for the processor, got execution provider ${executionProvider}: use float32`,
    );
  }
}

/** Thrown when a prompt, with what is to follow it, exceeds the context. Maps to INVALID_ARGUMENT. */
export class PromptTooLongError extends AppError {
  readonly code = 'PROMPT_TOO_LONG';
  readonly status = 'INVALID_ARGUMENT';

  constructor(rowIndex: number, tokenCount: number, contextTokensMax: number) {
    super(
      `Row ${rowIndex}: prompt and response need ${tokenCount} tokens, the context holds ${contextTokensMax}; shorten them`,
      { facts: { rowIndex, tokenCount, contextTokensMax } },
    );
  }
}

/** Thrown when a unit contradicts itself: no rows, an empty prompt, pairs that its weighting needs left out. */
export class UnitInvalidError extends AppError {
  readonly code = 'UNIT_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`, { facts: { where } });
  }
}

/** Thrown when a loss or a gradient is NaN or infinite: the run has diverged. Maps to INTERNAL. */
export class GradientNotFiniteError extends AppError {
  readonly code = 'GRADIENT_NOT_FINITE';
  readonly status = 'INTERNAL';

  constructor(where: string, value: number) {
    super(`${where} is ${value}: expected a finite number; lower the learning rate, or look for a broken row`, {
      facts: { where, value: String(value) },
    });
  }
}

/** Thrown for every pending call when the engine's thread ends unexpectedly. Maps to UNAVAILABLE. */
export class EngineFailedError extends AppError {
  readonly code = 'ENGINE_FAILED';
  readonly status = 'UNAVAILABLE';

  constructor(problem: string, cause?: unknown) {
    super(`The engine's thread ended: ${problem}; start the process anew`, cause === undefined ? {} : { cause });
  }
}

/** Thrown for calls that are pending when the engine is disposed, and for calls after it. Maps to UNAVAILABLE. */
export class EngineDisposedError extends AppError {
  readonly code = 'ENGINE_DISPOSED';
  readonly status = 'UNAVAILABLE';

  constructor() {
    super('The engine was disposed: open a new one');
  }
}
