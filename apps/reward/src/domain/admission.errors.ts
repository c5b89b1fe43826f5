/** @file Why a call is not admitted. The limits carry the names under which text-embeddings-inference has them. */
import { AppError } from '#core';

/** Thrown when as many calls are under way as may be, through all doors together. Maps to RESOURCE_EXHAUSTED, HTTP 429. */
export class RequestsFullError extends AppError {
  readonly code = 'REQUESTS_FULL';
  readonly status = 'RESOURCE_EXHAUSTED';

  constructor(requestsMax: number, retryAfterMs: number) {
    super(
      `Expected at most ${requestsMax} calls at once (REWARD_CONCURRENT_REQUESTS_MAX), and that many are under way. Repeat the call after the delay given, or call with less concurrency.`,
      { facts: { requestsMax }, retryAfterMs },
    );
  }
}

/** Thrown when one call brings more responses than one call may. Maps to RESOURCE_EXHAUSTED, HTTP 413: repeating it does not help. */
export class ClientBatchTooLargeError extends AppError {
  readonly code = 'CLIENT_BATCH_TOO_LARGE';
  readonly status = 'RESOURCE_EXHAUSTED';

  constructor(responseCount: number, clientBatchSizeMax: number) {
    super(
      `Expected at most ${clientBatchSizeMax} responses in one call (REWARD_CLIENT_BATCH_SIZE_MAX), got ${responseCount}. Send them in several calls.`,
      { facts: { responseCount, clientBatchSizeMax } },
    );
  }
}
