/**
 * @file Requests to the Hub: with the token, with a limit on silence, and again after failures that pass.
 *
 * The token travels in a header that `fetch` drops when a redirect leaves the endpoint's origin, as the Hub's redirects to
 * its storage do.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '#core';
import type { HubSettings } from './hub-settings.js';
import { HubUnreachableError } from './hub.errors.js';

/** Times between attempts double from here. */
const RETRY_DELAY_MS = 500;
const RETRY_DELAY_MS_MAX = 20_000;
const ATTEMPTS_MAX = 5;
/** Longest silence, before the answer and within it. */
const SILENCE_MS_MAX = 30_000;

export interface Patience {
  /** @default 5 */
  readonly attemptsMax?: number;
  /** @default 500 */
  readonly retryDelayMs?: number;
  /** @default 30000 */
  readonly silenceMsMax?: number;
}

export class HubClient {
  readonly attemptsMax: number;
  readonly silenceMsMax: number;
  readonly #retryDelayMs: number;

  constructor(
    readonly settings: HubSettings,
    readonly signal: AbortSignal | undefined,
    { attemptsMax = ATTEMPTS_MAX, retryDelayMs = RETRY_DELAY_MS, silenceMsMax = SILENCE_MS_MAX }: Patience = {},
  ) {
    this.attemptsMax = attemptsMax;
    this.silenceMsMax = silenceMsMax;
    this.#retryDelayMs = retryDelayMs;
  }

  /** As the global `fetch`, for @huggingface/hub: the answer may be an error, but not one that passes. */
  readonly fetch: typeof fetch = async (input, init) => {
    for (let attempt = 1; ; attempt++) {
      // Answers are short: one limit for head and body.
      const answer = await this.once(input, { ...init, signal: AbortSignal.timeout(2 * this.silenceMsMax) });
      if (answer instanceof Response) return answer;
      if (attempt >= this.attemptsMax) throw answer;
      await this.pause(attempt, answer.retryAfterMs);
    }
  };

  /** One attempt: an answer that stands, or a failure that may pass. */
  async once(input: string | URL | Request, init: RequestInit = {}): Promise<Response | HubUnreachableError> {
    const { endpoint, token } = this.settings;
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    headers.set('accept-encoding', 'identity');
    headers.set('user-agent', 'metaapo');
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(new Error(`no answer in ${this.silenceMsMax} ms`)), this.silenceMsMax);
    const signals = [silence.signal, init.signal, this.signal].filter(
      (signal) => signal !== null && signal !== undefined,
    );
    try {
      const response = await fetch(input, { ...init, headers, signal: AbortSignal.any(signals) });
      if (response.status !== 429 && response.status < 500) return response;
      await response.body?.cancel();
      return new HubUnreachableError(endpoint, `answers with status ${response.status}`, {
        retryAfterMs: retryAfterMsOf(response),
      });
    } catch (thrown) {
      this.signal?.throwIfAborted();
      return new HubUnreachableError(endpoint, reasonOf(thrown), { cause: thrown });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits before attempt number `attempt + 1`. */
  async pause(attempt: number, askedMs = 0): Promise<void> {
    const ms = Math.max(this.#retryDelayMs * 2 ** (attempt - 1), askedMs);
    await delay(Math.min(ms, RETRY_DELAY_MS_MAX), undefined, this.signal && { signal: this.signal });
  }
}

function retryAfterMsOf({ headers }: Response): number {
  const seconds = Number(headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? seconds * 1000 : 0;
}

/** `fetch failed` says nothing; its cause does. */
export function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return messageOf(cause instanceof Error && cause.message !== '' ? cause : thrown);
}
