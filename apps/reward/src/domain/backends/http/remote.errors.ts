/**
 * @file What can go wrong between this service and a server of someone else's that scores for it. Every message names the
 * URL without credentials, what came, and what to do.
 */
import { AppError, type StatusName } from '#core';

/** One attempt to ask a server. */
export interface RemoteAttempt {
  readonly rewardModel: string;
  /** Without credentials and query. */
  readonly url: string;
  /** From 1. */
  readonly attempt: number;
  readonly attemptsMax: number;
}

/** A failure of a server that is asked for scores. */
export abstract class RewardRemoteError extends AppError {
  abstract override readonly status: StatusName;
  /** True when another attempt may fare better. */
  readonly mayPass: boolean = false;

  constructor(at: RemoteAttempt, text: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    const { rewardModel, url, attempt, attemptsMax } = at;
    const tries = attempt > 1 || attemptsMax > 1 ? ` (attempt ${attempt} of ${attemptsMax})` : '';
    super(`Reward model ${JSON.stringify(rewardModel)}, ${url}${tries}: ${text}`, {
      ...options,
      facts: { rewardModel, url, attempt },
    });
  }
}

/** Outcome where no connection came about, or it broke before the reply was whole. Maps to UNAVAILABLE. */
export class RewardRemoteUnreachableError extends RewardRemoteError {
  readonly code = 'REWARD_REMOTE_UNREACHABLE';
  readonly status = 'UNAVAILABLE';
  override readonly mayPass = true;

  constructor(at: RemoteAttempt, reason: string, cause?: unknown) {
    super(at, `expected a reply, the connection failed: ${reason}. Start the server, or correct its address.`, {
      cause,
    });
  }
}

/** Outcome where the whole reply was not there in time, be it silent or slow. Maps to DEADLINE_EXCEEDED. */
export class RewardRemoteTimeoutError extends RewardRemoteError {
  readonly code = 'REWARD_REMOTE_TIMEOUT';
  readonly status = 'DEADLINE_EXCEEDED';
  override readonly mayPass = true;

  constructor(at: RemoteAttempt, timeoutMs: number, got: string) {
    super(at, `expected the whole reply within ${timeoutMs} ms, got ${got}. Raise "timeout_ms", or help the server.`);
  }
}

/** Outcome where the server has too much to do. Maps to RESOURCE_EXHAUSTED, with its delay where it named one. */
export class RewardRemoteOverloadedError extends RewardRemoteError {
  readonly code = 'REWARD_REMOTE_OVERLOADED';
  readonly status = 'RESOURCE_EXHAUSTED';
  override readonly mayPass = true;

  constructor(at: RemoteAttempt, got: string, retryAfterMs: number | undefined) {
    const advice = retryAfterMs === undefined ? 'it names no delay' : `it asks to wait ${retryAfterMs} ms`;
    const text = `expected a score, got ${got}; ${advice}. Lower "concurrency" or the rates, or repeat later.`;
    super(at, text, retryAfterMs === undefined ? {} : { retryAfterMs });
  }
}

/** Outcome where the server itself failed. Maps to UNAVAILABLE. */
export class RewardRemoteFailedError extends RewardRemoteError {
  readonly code = 'REWARD_REMOTE_FAILED';
  readonly status = 'UNAVAILABLE';
  override readonly mayPass = true;

  constructor(at: RemoteAttempt, got: string) {
    super(at, `expected a score, the server failed with ${got}. Its own log says why.`);
  }
}

/** Outcome where the server answers, but says that its model is not ready. Maps to UNAVAILABLE. */
export class RewardRemoteNotReadyError extends RewardRemoteError {
  readonly code = 'REWARD_REMOTE_NOT_READY';
  readonly status = 'UNAVAILABLE';
  override readonly mayPass = true;

  constructor(at: RemoteAttempt, model: string) {
    super(
      at,
      `expected the model ${model} to be ready, the server says that it is not. Load it there, or repeat later.`,
    );
  }
}

/** Outcome where the server will not answer this, however often it is asked. Maps to FAILED_PRECONDITION. */
export class RewardRemoteRefusedError extends RewardRemoteError {
  readonly code = 'REWARD_REMOTE_REFUSED';
  readonly status = 'FAILED_PRECONDITION';

  constructor(
    at: RemoteAttempt,
    got: string,
    advice: string,
    readonly refusal: {
      readonly httpStatus?: number;
      /** True where the fault may lie with one response of several. */
      readonly mayBeOneOfMany?: boolean;
    } = {},
  ) {
    super(at, `expected a score, got ${got}. ${advice}`);
  }
}

/** Outcome where the reply is not what the protocol says. Maps to INTERNAL. */
export class RewardRemoteReplyInvalidError extends RewardRemoteError {
  readonly code = 'REWARD_REMOTE_REPLY_INVALID';
  readonly status = 'INTERNAL';

  constructor(at: RemoteAttempt, problem: string) {
    super(at, `${problem}. Correct the address or the protocol, or mend the server.`);
  }
}

/** Outcome where another model answers than the one that the digest names. Maps to FAILED_PRECONDITION. */
export class RewardRemoteChangedError extends RewardRemoteError {
  readonly code = 'REWARD_REMOTE_CHANGED';
  readonly status = 'FAILED_PRECONDITION';

  constructor(at: RemoteAttempt, expected: string, got: string) {
    super(
      at,
      `expected ${expected} to answer, as at the start, got ${got}. Scores of two models must not be mixed: load it anew, under a digest of its own.`,
    );
  }
}
