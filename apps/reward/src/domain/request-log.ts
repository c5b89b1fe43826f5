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

/**
 * A request under way with one model. A repetition after a promotion is an entry of its own: what the old model still
 * gives goes to the old entry, and is never taken for the new one's.
 */
export interface RequestEntry {
  /** The scores that it has bought already of this very model, by score key. */
  readonly bought: ReadonlyMap<string, Score>;
  /**
   * Makes a score durable, before anyone hears of it.
   *
   * Where even that fails, the failure is told to the log's owner and the score is given all the same: it is paid for, and
   * the caller's ledger may keep it.
   */
  record(scoreKey: string, score: Score): void;
}

export interface RequestLog {
  /**
   * Makes it durable that the request is about to be paid for.
   *
   * @throws RequestInvalidError when the id came with other content before
   * @throws RequestCacheUnusableError when it cannot be made durable; nothing may be paid for then
   */
  begin(request: BegunRequest): RequestEntry;
}

/** Which response of a request a score is of: the same in every repetition. */
export function scoreKey(requestId: string, itemId: string, responseIndex: number): string {
  return `${requestId}/${itemId}/${responseIndex}`;
}

/** Enough of a digest to tell the models apart that a request may meet. */
const DIGEST_CHARS = 12;

/**
 * What an annotator that bills may know a response by: the same in every repetition that the same model scores. Another
 * model's question is another one, although the response is the same: an annotator that remembers answers by key must
 * not give it the old model's.
 */
export function idempotencyKey(key: string, weightsDigest: Digest): string {
  return `${key}@${weightsDigest.slice('sha256:'.length).slice(0, DIGEST_CHARS)}`;
}
