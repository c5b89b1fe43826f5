/** @file What can be wrong with a GGUF file, and what in a sound one is not read here. */
import { AppError } from '#core';

/** Thrown when a file is not what the GGUF format asks for, or lies about itself. Maps to INVALID_ARGUMENT. */
export class GgufInvalidError extends AppError {
  readonly code = 'GGUF_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(where: string, problem: string, options: { tensorName?: string; key?: string; cause?: unknown } = {}) {
    const { tensorName, key, cause } = options;
    const place = tensorName === undefined ? (key === undefined ? '' : `${key}: `) : `tensor ${tensorName}: `;
    super(`${where}: ${place}${problem}`, {
      facts: {
        file: where,
        ...(tensorName === undefined ? {} : { tensorName }),
        ...(key === undefined ? {} : { key }),
      },
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** Thrown for a sound file that holds something not read here: a version, a tensor type. Maps to UNIMPLEMENTED. */
export class GgufUnsupportedError extends AppError {
  readonly code = 'GGUF_UNSUPPORTED';
  readonly status = 'UNIMPLEMENTED';

  constructor(where: string, got: string, supported: string) {
    super(`${where}: ${got}; supported: ${supported}`, { facts: { file: where, got } });
  }
}
