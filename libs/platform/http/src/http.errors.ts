/** @file What can be wrong with an HTTP request before anybody looks at what it asks. */
import { AppError } from '#core';

/** Thrown when no route has the path asked for. Answered with 404. */
export class RouteUnknownError extends AppError {
  readonly code = 'ROUTE_UNKNOWN';
  readonly status = 'NOT_FOUND';

  constructor(path: string, known: readonly string[]) {
    super(`Nothing is served at ${JSON.stringify(path)}; there are: ${known.join(', ')}. Correct the URL.`, {
      facts: { path, known: known.join(', ') },
    });
  }
}

/** Thrown when the path is served, but not for that method. Answered with 405. */
export class MethodUnsupportedError extends AppError {
  readonly code = 'METHOD_UNSUPPORTED';
  readonly status = 'UNIMPLEMENTED';

  constructor(
    method: string,
    path: string,
    readonly allowed: string,
  ) {
    super(`Expected ${allowed} ${path}, got ${method}. Send the request with the method ${allowed}.`, {
      facts: { method, path, allowed },
    });
  }
}

/**
 * Thrown when a body is not declared to be JSON. Answered with 415. A page in a browser can send anything else to any
 * address without asking, so the declaration also keeps strangers' pages out.
 */
export class ContentTypeUnsupportedError extends AppError {
  readonly code = 'CONTENT_TYPE_UNSUPPORTED';
  readonly status = 'INVALID_ARGUMENT';

  constructor(header: string, expected: string, got: string | undefined) {
    super(
      `${header}: expected ${expected}, got ${got === undefined ? 'none' : JSON.stringify(got)}. Send plain JSON.`,
      {
        facts: { header, got: got ?? '' },
      },
    );
  }
}

/** Thrown when a body is larger than allowed. Answered with 413: repeating it does not help. */
export class BodyTooLargeError extends AppError {
  readonly code = 'BODY_TOO_LARGE';
  readonly status = 'RESOURCE_EXHAUSTED';

  constructor(bodyBytesMax: number) {
    super(`Expected a body of at most ${bodyBytesMax} bytes, got more. Send the items in several requests.`, {
      facts: { bodyBytesMax },
    });
  }
}

/** Thrown when a body is no JSON. Answered with 400. */
export class BodyUnreadableError extends AppError {
  readonly code = 'BODY_UNREADABLE';
  readonly status = 'INVALID_ARGUMENT';

  constructor(reason: string) {
    super(`Expected a body of JSON in UTF-8, got something else: ${reason}. NaN and Infinity are no JSON.`, {
      facts: { reason },
    });
  }
}
