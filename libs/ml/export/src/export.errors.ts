/** @file Why a model is not written. */
import { AppError } from '#core';

/** Thrown when a form cannot say what the model is: written anyway, it would compute something else. Maps to UNIMPLEMENTED. */
export class ExportUnsupportedError extends AppError {
  readonly code = 'EXPORT_UNSUPPORTED';
  readonly status = 'UNIMPLEMENTED';

  constructor(where: string, got: string, remedy: string) {
    super(`${where}: ${got}. ${remedy}`, { facts: { where, got } });
  }
}

/** Thrown when something lies where the result should go. Maps to ALREADY_EXISTS. */
export class ExportExistsError extends AppError {
  readonly code = 'EXPORT_EXISTS';
  readonly status = 'ALREADY_EXISTS';

  constructor(path: string) {
    super(`${path} exists already and is left alone. Choose another place, or allow it to be replaced`, {
      facts: { path },
    });
  }
}
