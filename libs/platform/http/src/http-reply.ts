/**
 * @file Errors as HTTP replies: the status for clients that look no further, `Retry-After` for those that come back, and a
 * body that says the rest, under the same reasons as in `proto/ERRORS.md`.
 */
import { AppError, type HasFieldProblems, type StatusName } from '#core';
import { ContentTypeUnsupportedError, MethodUnsupportedError } from './http.errors.js';

export interface HttpReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body: unknown;
}

/** An error that HTTP has a status for which the canonical one does not imply. */
export interface HasHttpStatus {
  readonly httpStatus: number;
}

/** An error with parts that only a body of JSON can hold; they stand beside code and message. */
export interface HasHttpDetails {
  readonly httpDetails: Readonly<Record<string, unknown>>;
}

/** As google.rpc.Code maps to HTTP, but for what is said at each. */
const HTTP_STATUS: { readonly [Status in StatusName]: number } = {
  OK: 200,
  CANCELLED: 499,
  UNKNOWN: 500,
  INVALID_ARGUMENT: 400,
  DEADLINE_EXCEEDED: 504,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  PERMISSION_DENIED: 403,
  RESOURCE_EXHAUSTED: 429,
  FAILED_PRECONDITION: 409, // 400 in google.rpc; here it is a state that changes: an epoch that is gone
  ABORTED: 409,
  OUT_OF_RANGE: 400,
  UNIMPLEMENTED: 501,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DATA_LOSS: 500,
  UNAUTHENTICATED: 401,
};

/** What fields and details may add to a body; more say no more. */
const FIELDS_MAX = 100;

/** The reply to a request that failed. What is no `AppError` is answered with 500 and a general message. */
export function errorReply(thrown: unknown): HttpReply {
  if (!(thrown instanceof AppError)) {
    const message = 'The service failed for a reason of its own; its log tells more';
    return { status: 500, body: { error: { code: 'INTERNAL', status: 'INTERNAL', message } } };
  }
  const { code, status, message, facts, retryAfterMs } = thrown;
  const { fieldProblems } = thrown as Partial<HasFieldProblems>;
  const { httpDetails } = thrown as Partial<HasHttpDetails>;
  return {
    status: httpStatusOf(thrown),
    headers: {
      ...(retryAfterMs !== undefined && retryHeaders(retryAfterMs)),
      ...(thrown instanceof MethodUnsupportedError && { allow: thrown.allowed }),
    },
    body: {
      error: {
        code,
        status,
        message,
        facts,
        ...(fieldProblems && { fields: fieldProblems.slice(0, FIELDS_MAX) }),
        ...(retryAfterMs !== undefined && { retry_after_ms: retryAfterMs }),
        ...httpDetails,
      },
    },
  };
}

function httpStatusOf(error: AppError): number {
  const { httpStatus } = error as Partial<HasHttpStatus>;
  if (httpStatus !== undefined) return httpStatus;
  if (error instanceof MethodUnsupportedError) return 405;
  if (error instanceof ContentTypeUnsupportedError) return 415;
  // What is exhausted for good is the request's size, not the service.
  if (error.status === 'RESOURCE_EXHAUSTED' && error.retryAfterMs === undefined) return 413;
  return HTTP_STATUS[error.status];
}

/** Whole seconds as HTTP has them, and milliseconds as some clients read them too. */
function retryHeaders(retryAfterMs: number): Record<string, string> {
  return {
    'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))),
    'retry-after-ms': String(Math.ceil(retryAfterMs)),
  };
}
