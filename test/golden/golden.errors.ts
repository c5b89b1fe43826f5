/** @file What the golden runner itself can object to. */
import { AppError } from '#core';

/** Thrown for a kind of case that no part of this project computes. Maps to UNIMPLEMENTED. */
export class GoldenKindUnsupportedError extends AppError {
  readonly code = 'GOLDEN_KIND_UNSUPPORTED';
  readonly status = 'UNIMPLEMENTED';

  constructor(kind: string, supported: readonly string[]) {
    super(`Nothing here computes cases of kind ${kind}; supported: ${supported.join(', ')}`, { facts: { kind } });
  }
}

/** Thrown when the folder of cases is not one. Maps to INVALID_ARGUMENT. */
export class GoldenFolderInvalidError extends AppError {
  readonly code = 'GOLDEN_FOLDER_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(dir: string, problem: string) {
    super(`${dir}: ${problem}; expected a folder with cases/NAME/case.json`, { facts: { dir } });
  }
}
