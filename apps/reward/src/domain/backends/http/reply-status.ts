/** @file What an HTTP status other than success means for a score: try again, come back later, or never. */
import type { HttpReply } from './http-exchange.js';
import {
  RewardRemoteFailedError,
  RewardRemoteOverloadedError,
  RewardRemoteRefusedError,
  type RemoteAttempt,
  type RewardRemoteError,
} from './remote.errors.js';

const EXCERPT_LENGTH_MAX = 160;

/** The first characters of what came, as they can stand in a message. */
export function excerpt(text: string): string {
  if (text === '') return 'nothing';
  const head = JSON.stringify(text.slice(0, EXCERPT_LENGTH_MAX));
  return text.length > EXCERPT_LENGTH_MAX ? `${head}…` : head;
}

export interface StatusContext {
  readonly at: RemoteAttempt;
  readonly nowMs: number;
  /** Blots secrets out. */
  readonly blotted: (text: string) => string;
}

/** The failure that a reply tells of, or undefined where it is a success. */
export function statusFailure(reply: HttpReply, { at, nowMs, blotted }: StatusContext): RewardRemoteError | undefined {
  const { status, headers } = reply;
  if (status >= 200 && status < 300) return undefined;
  const got = `status ${status} with ${excerpt(blotted(reply.text))}`;
  if (status >= 300 && status < 400) {
    const advice = `It points to ${blotted(shownTarget(headers.get('location')))}; redirects are not followed: name the final address.`;
    return new RewardRemoteRefusedError(at, `status ${status}`, advice, { httpStatus: status });
  }
  switch (status) {
    case 401:
    case 403:
      return new RewardRemoteRefusedError(at, got, 'Check the key and the variable that "api_key_env" names.', {
        httpStatus: status,
      });
    case 404:
    case 405:
      return new RewardRemoteRefusedError(at, got, 'Check the address, the protocol and the name of the model.', {
        httpStatus: status,
      });
    case 429:
    case 503:
      if (isOutOfQuota(reply.text)) {
        return new RewardRemoteRefusedError(at, got, 'The account has no quota left; waiting does not help.', {
          httpStatus: status,
        });
      }
      return new RewardRemoteOverloadedError(at, got, retryAfterMs(headers, nowMs));
    case 408: // the server gave up waiting
    case 409: // it is still busy with the same idempotency key
    case 425:
      return new RewardRemoteFailedError(at, got);
    default:
      if (status >= 500 && status !== 501) return new RewardRemoteFailedError(at, got);
      return new RewardRemoteRefusedError(at, got, 'The server names what it did not like.', {
        httpStatus: status,
        mayBeOneOfMany: status !== 501,
      });
  }
}

/** Without its query, which may hold a key; relative targets are told as they are. */
const shownTarget = (location: string | null): string => location?.replace(/[?#].*$/s, '') ?? 'nowhere';

/** Providers answer with 429 both to haste and to an empty account. */
function isOutOfQuota(text: string): boolean {
  return text.includes('"insufficient_quota"');
}

/** The delay that `retry-after` (seconds or a date) or `retry-after-ms` names, in milliseconds. */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const inMs = headers.get('retry-after-ms');
  if (inMs !== null && /^\d+(\.\d+)?$/.test(inMs)) return Math.ceil(Number(inMs));
  const text = headers.get('retry-after')?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
