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

/** Answer to a request that did not arrive in time. Answered with 408. */
export class RequestTimedOutError extends AppError {
  readonly code = 'REQUEST_TIMED_OUT';
  readonly status = 'DEADLINE_EXCEEDED';
  readonly httpStatus = 408;

  constructor(receiveTimeoutMs: number) {
    super(
      `Expected the whole request, headers and body, within ${receiveTimeoutMs} ms, got a part of it. Send it faster, or the items in several requests.`,
      { facts: { receiveTimeoutMs } },
    );
  }
}

/** Answer to a request with more headers than are read. Answered with 431. */
export class HeadersTooLargeError extends AppError {
  readonly code = 'HEADERS_TOO_LARGE';
  readonly status = 'RESOURCE_EXHAUSTED';
  readonly httpStatus = 431;

  constructor(bytesMax: number) {
    super(`Expected headers of at most ${bytesMax} bytes, got more. Send fewer or shorter ones.`, {
      facts: { bytesMax },
    });
  }
}

/** Answer to bytes that are no request. Answered with 400. */
export class RequestUnreadableError extends AppError {
  readonly code = 'REQUEST_UNREADABLE';
  readonly status = 'INVALID_ARGUMENT';

  constructor(reason: string) {
    super(`Expected a request in HTTP/1.1, got something else: ${reason}. Correct the client or its URL.`, {
      facts: { reason },
    });
  }
}
