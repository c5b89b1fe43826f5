/** @file Why ONNX Runtime cannot do what it was asked. */
import { AppError, messageOf } from '#core';

/** Thrown when the execution provider that was asked for does not work here. There is no fallback. */
export class ExecutionProviderUnavailableError extends AppError {
  readonly code = 'EXECUTION_PROVIDER_UNAVAILABLE';
  readonly status = 'FAILED_PRECONDITION';

  constructor(provider: string, problem: string, cause?: unknown) {
    super(
      `Execution provider ${provider} is not available: ${problem}; choose another, or install its driver and an ` +
        `ONNX Runtime that has it`,
      { facts: { provider }, cause },
    );
  }
}

/** Thrown when ONNX Runtime refuses a model or fails while running it. Maps to INTERNAL. */
export class RuntimeFailedError extends AppError {
  readonly code = 'RUNTIME_FAILED';
  readonly status = 'INTERNAL';

  constructor(where: string, cause: unknown) {
    super(`ONNX Runtime failed: ${where}: ${messageOf(cause)}`, { facts: { where }, cause });
  }
}

/** Thrown for a feed without elements: kernels crash the whole process on one. Maps to INTERNAL. */
export class EmptyTensorError extends AppError {
  readonly code = 'EMPTY_TENSOR';
  readonly status = 'INTERNAL';

  constructor(sessionName: string, inputName: string, dims: readonly number[]) {
    super(
      `Session ${sessionName}, input ${inputName}: expected every axis to have at least one element, ` +
        `got shape [${dims.join(', ')}]`,
      { facts: { sessionName, inputName, dims: dims.join('x') } },
    );
  }
}

/** Thrown when a session is used after its disposal. Maps to INTERNAL. */
export class SessionDisposedError extends AppError {
  readonly code = 'SESSION_DISPOSED';
  readonly status = 'INTERNAL';

  constructor(sessionName: string) {
    super(`Session ${sessionName} was disposed: create a new one`, { facts: { sessionName } });
  }
}
