/** @file Asks one server for JSON: admitted by the gate, with the secret, within limits, again after what may pass. */
import { messageOf, type Clock } from '#core';
import type { TlsHttpClient } from '#platform/http';
import { heard, persistently, type Patience } from './attempts.js';
import type { CallSettings } from './call-settings.js';
import { shownUrl, type Secret } from './endpoint.js';
import { parseReplyJson } from './foreign-numbers.js';
import { Gate } from './gate.js';
import { httpExchange, type HttpReply } from './http-exchange.js';
import type { OutwardListener } from './outward-listener.js';
import { RewardRemoteReplyInvalidError, type RemoteAttempt, type RewardRemoteError } from './remote.errors.js';
import { excerpt, statusFailure } from './reply-status.js';

/** Far beyond any reply with scores; one that goes on for ever ends here. */
const REPLY_BYTES_MAX = 8 * 2 ** 20;

export interface HttpCallerOptions {
  /** For messages. */
  readonly rewardModel: string;
  readonly settings: CallSettings;
  readonly secret: Secret;
  /** Connects with certificate files of its own; closed with the caller. @default the system's authorities */
  readonly client?: TlsHttpClient | undefined;
  readonly clock: Clock;
  /** A number in [0, 1), for the waits between attempts. */
  readonly random: () => number;
  readonly listener: OutwardListener;
}

export interface Posting {
  readonly url: string;
  readonly body: unknown;
  /** The same in every repetition. */
  readonly idempotencyKey?: string | undefined;
  /** For the limit of tokens per minute. @default 0 */
  readonly tokenCount?: number;
}

export interface PostOptions {
  readonly signal: AbortSignal;
  /** Called when the first attempt begins: from here on it may cost. */
  readonly onBegin: () => void;
  /** Called after a wait, before the next attempt; its failure is final. */
  readonly beforeRepeat?: (failure: RewardRemoteError) => Promise<void>;
}

/** A reply that is JSON, and how to complain about it. */
export interface JsonReply {
  readonly json: unknown;
  /** The error that says what was expected, and shows what came. */
  readonly invalid: (expected: string) => RewardRemoteReplyInvalidError;
  readonly at: RemoteAttempt;
}

export interface PostReply extends JsonReply {
  /** Corrects the estimate of tokens. */
  readonly spent: (tokenCount: number) => void;
}

interface Ask extends Partial<Posting> {
  readonly method: 'GET' | 'POST';
  readonly url: string;
}

export class HttpCaller {
  private readonly gate: Gate;

  constructor(private readonly options: HttpCallerOptions) {
    this.gate = new Gate(options.settings, options.clock);
  }

  /** Admitted by the gate. @throws RewardRemoteError; the signal's reason when it aborts */
  async post(posting: Posting, { signal, onBegin, beforeRepeat }: PostOptions): Promise<PostReply> {
    const pass = await this.gate.enter(posting.tokenCount ?? 0, signal);
    try {
      onBegin();
      const attempt = async (number: number): Promise<PostReply> => {
        if (number > 1) await pass.again(signal);
        const reply = await this.once({ method: 'POST', ...posting }, number, signal);
        return { ...reply, spent: (tokenCount) => pass.spent(tokenCount) };
      };
      return await persistently(attempt, { ...this.patience(signal), ...(beforeRepeat && { beforeRepeat }) });
    } finally {
      pass.leave();
    }
  }

  /** Past the gate: it costs nothing. @throws RewardRemoteError; the signal's reason when it aborts */
  async get(url: string, signal: AbortSignal): Promise<JsonReply> {
    return persistently((number) => this.once({ method: 'GET', url }, number, signal), this.patience(signal));
  }

  /** Frees connections. May be called twice. */
  close(): void {
    this.options.client?.close();
  }

  private patience(signal: AbortSignal): Patience {
    const { settings, clock, random } = this.options;
    return { settings, clock, random, signal };
  }

  private async once(ask: Ask, number: number, signal: AbortSignal): Promise<JsonReply> {
    const { rewardModel, listener } = this.options;
    return heard(
      () => this.unheard(ask, number, signal),
      (outcome) => listener.onAttempt(rewardModel, outcome),
    );
  }

  private async unheard(ask: Ask, number: number, signal: AbortSignal): Promise<JsonReply> {
    const { rewardModel, settings, secret, client, clock } = this.options;
    const { timeoutMs, attemptsMax } = settings;
    const at = { rewardModel, url: shownUrl(ask.url), attempt: number, attemptsMax };
    const headers = {
      ...secret.headers,
      ...(ask.idempotencyKey !== undefined && { 'idempotency-key': headerText(ask.idempotencyKey) }),
    };
    const limits = { timeoutMs, replyBytesMax: REPLY_BYTES_MAX, clock, signal };
    const reply = await httpExchange({ ...ask, headers, client }, limits, at);
    const failure = statusFailure(reply, { at, nowMs: clock.nowMs(), blotted: secret.blotted });
    if (failure?.retryAfterMs !== undefined && failure.retryAfterMs <= settings.retryAfterMsMax) {
      this.gate.quiet(failure.retryAfterMs);
    }
    if (failure) throw failure;
    const invalid = (expected: string): RewardRemoteReplyInvalidError =>
      new RewardRemoteReplyInvalidError(at, `expected ${expected}, got ${excerpt(secret.blotted(reply.text))}`);
    return { json: jsonOf(reply, invalid), invalid, at };
  }
}

function jsonOf({ text, headers }: HttpReply, invalid: (expected: string) => RewardRemoteReplyInvalidError): unknown {
  try {
    return parseReplyJson(text);
  } catch (thrown) {
    const type = headers.get('content-type') ?? 'no type';
    throw invalid(`JSON (the reply is ${type}; ${messageOf(thrown).slice(0, 80)})`);
  }
}

/** Keys are made of callers' ids, which may hold any character; a header may not. */
function headerText(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/');
}
