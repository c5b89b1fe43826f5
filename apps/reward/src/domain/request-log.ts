/**
 * @file What the service must not forget about requests that are paid for: which ones began, and every score they have
 * bought. The port; `storage/request-cache.ts` keeps it on disk.
 */
import type { Digest } from '#core';
import type { Score } from './reward-backend.js';

export interface BegunRequest {
  /** Not empty. */
  readonly requestId: string;
  /** Of all that the request says except its id. */
  readonly contentDigest: Digest;
  /** Of the model that scores: another model's score is no answer. */
  readonly weightsDigest: Digest;
}

export interface RequestLog {
  /**
   * Makes it durable that the request is about to be paid for.
   *
   * @returns the scores that it has bought already, by idempotency key
   * @throws RequestInvalidError when the id came with other content before
   * @throws RequestCacheUnusableError when it cannot be made durable; nothing may be paid for then
   */
  begin(request: BegunRequest): ReadonlyMap<string, Score>;
  /**
   * Makes a score durable, before anyone hears of it.
   *
   * Where even that fails, the failure is told to the log's owner and the score is given all the same: it is paid for, and
   * the caller's ledger may keep it.
   */
  record(requestId: string, idempotencyKey: string, score: Score): void;
}

/** What an annotator that bills may know a response by: the same in every repetition of the request. */
export function idempotencyKey(requestId: string, itemId: string, responseIndex: number): string {
  return `${requestId}/${itemId}/${responseIndex}`;
}
