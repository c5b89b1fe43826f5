/**
 * @file One HTTP request and its whole reply, within a time and a size. Redirects are not followed: the one who configured
 * the address decides who sees prompts and keys.
 */
import { AppError, messageOf, type Clock } from '#core';
import type { TlsHttpClient } from '#platform/http';
import {
  RewardRemoteReplyInvalidError,
  RewardRemoteTimeoutError,
  RewardRemoteUnreachableError,
  type RemoteAttempt,
} from './remote.errors.js';

export interface HttpAsk {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Connects with certificate files of its own. @default `fetch`, which trusts the system's authorities */
  readonly client?: TlsHttpClient | undefined;
}

export interface HttpLimits {
  /** From the connection to the last byte, in milliseconds. */
  readonly timeoutMs: number;
  readonly replyBytesMax: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * @throws RewardRemoteUnreachableError, RewardRemoteTimeoutError, RewardRemoteReplyInvalidError for a reply that is too
 * long; the signal's reason when it aborts
 */
export async function httpExchange(ask: HttpAsk, limits: HttpLimits, at: RemoteAttempt): Promise<HttpReply> {
  const { timeoutMs, replyBytesMax, clock, signal } = limits;
  const tooLate = new AbortController();
  const settled = new AbortController();
  clock.sleep(timeoutMs, settled.signal).then(
    () => tooLate.abort(),
    () => {},
  );
  const progress = { receivedBytes: 0 };
  try {
    const response = await sent(ask, AbortSignal.any([signal, tooLate.signal]));
    const text = await wholeText(response, replyBytesMax, progress, at);
    return { status: response.status, headers: response.headers, text };
  } catch (thrown) {
    signal.throwIfAborted();
    if (tooLate.signal.aborted) {
      const got = progress.receivedBytes === 0 ? 'none of it' : `the first ${progress.receivedBytes} bytes of it`;
      throw new RewardRemoteTimeoutError(at, timeoutMs, got);
    }
    if (thrown instanceof AppError) throw thrown;
    throw new RewardRemoteUnreachableError(at, reasonOf(thrown), thrown);
  } finally {
    settled.abort();
  }
}

async function sent({ method, url, headers, body, client }: HttpAsk, signal: AbortSignal): Promise<Response> {
  const request = {
    method,
    headers: {
      accept: 'application/json',
      'user-agent': 'metaapo',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal,
  };
  return client ? await client.fetch(url, request) : await fetch(url, { ...request, redirect: 'manual' });
}

async function wholeText(
  response: Response,
  bytesMax: number,
  progress: { receivedBytes: number },
  at: RemoteAttempt,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body ?? []) {
    progress.receivedBytes += chunk.length;
    if (progress.receivedBytes > bytesMax) {
      throw new RewardRemoteReplyInvalidError(at, `expected a reply of at most ${bytesMax} bytes, got more`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `fetch failed` says nothing; its cause does, and of several addresses that were tried each has one. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  if (cause instanceof AggregateError) return [...new Set(cause.errors.map(messageOf))].join(', ');
  return messageOf(cause instanceof Error && cause.message !== '' ? cause : thrown);
}
