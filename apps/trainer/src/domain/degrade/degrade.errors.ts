/** @file How an annotator shows that it is down though its service answers. */
import { AppError } from '#core';
import type { ItemFailure } from '../ports/outcomes.js';

/** Thrown to the annotator's guard when every response of several prompts failed; never leaves the run. */
export class AnnotatorFailedError extends AppError {
  /** The backend's own reason. */
  readonly code: string;
  readonly status = 'UNAVAILABLE';

  constructor({ reason, message }: ItemFailure) {
    super(`every response failed, the first one with ${reason}: ${message}`);
    this.code = reason;
  }
}
