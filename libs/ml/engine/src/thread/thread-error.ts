/** @file Errors across threads: what callers branch on (code, status, facts) survives; the class does not. */
import { AppError, InvariantError, messageOf, type StatusName } from '#core';
import type { ThreadError } from './output.js';

/** An `AppError` that was thrown in the engine's thread. */
export class EngineThreadError extends AppError {
  readonly code: string;
  readonly status: StatusName;

  constructor(error: Extract<ThreadError, { kind: 'app' }>) {
    super(error.message, { facts: error.facts });
    this.name = error.name;
    this.code = error.code;
    this.status = error.status;
  }
}

export function toThreadError(thrown: unknown): ThreadError {
  if (thrown instanceof AppError) {
    const { name, code, status, message, facts } = thrown;
    return { kind: 'app', name, code, status, message, facts };
  }
  return { kind: 'other', message: messageOf(thrown), stack: thrown instanceof Error ? thrown.stack : undefined };
}

export function fromThreadError(error: ThreadError): Error {
  if (error.kind === 'app') return new EngineThreadError(error);
  const rebuilt = new InvariantError(error.message);
  if (error.stack !== undefined) rebuilt.stack = error.stack;
  return rebuilt;
}
