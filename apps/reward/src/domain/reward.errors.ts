/** @file What can go wrong with rewards; the codes are those named in `reward.proto`. */
import { AppError } from '#core';

/** Thrown when no reward model has the name asked for. Maps to NOT_FOUND. */
export class RewardModelUnknownError extends AppError {
  readonly code = 'REWARD_MODEL_UNKNOWN';
  readonly status = 'NOT_FOUND';

  /** @param where what names it, where that is no call */
  constructor(rewardModel: string, known: readonly string[], where?: string) {
    const place = where === undefined ? '' : `${where}: `;
    super(
      `${place}No reward model ${JSON.stringify(rewardModel)}; there are: ${known.join(', ')}. Name one of them, or add it to REWARD_MODELS and restart.`,
      { facts: { rewardModel, known: known.join(',') } },
    );
  }
}

/** What whoever asks for scores can do about an epoch that is gone. */
const PIN_ANOTHER = 'Scores of different epochs must not be mixed; pin one of these, or 0 for the one in service.';

/** Thrown when the caller insists on an epoch that is neither in service nor warm. Maps to FAILED_PRECONDITION. */
export class RewardEpochMismatchError extends AppError {
  readonly code = 'REWARD_EPOCH_MISMATCH';
  readonly status = 'FAILED_PRECONDITION';

  constructor(
    rewardModel: string,
    expectedEpoch: string,
    epoch: number | string,
    { warm = [], remedy = PIN_ANOTHER }: { readonly warm?: readonly number[]; readonly remedy?: string } = {},
  ) {
    const others = warm.length === 0 ? '' : `; warm: ${warm.join(', ')}`;
    super(
      `Reward model ${JSON.stringify(rewardModel)}: expected epoch ${expectedEpoch}, in service is ${epoch}${others}. ${remedy}`,
      { facts: { rewardModel, expectedEpoch, epoch, warm: warm.join(',') } },
    );
  }
}

/** Thrown when a page token was not made by this service. Maps to INVALID_ARGUMENT. */
export class PageTokenInvalidError extends AppError {
  readonly code = 'PAGE_TOKEN_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor() {
    super('page_token: expected the next_page_token of an earlier response, or empty; got something else');
  }
}

/** Thrown when as many responses wait for a reward model as may. Maps to RESOURCE_EXHAUSTED. */
export class QueueFullError extends AppError {
  readonly code = 'QUEUE_FULL';
  readonly status = 'RESOURCE_EXHAUSTED';

  constructor(rewardModel: string, waitingCount: number, queueMax: number, retryAfterMs: number) {
    super(
      `Reward model ${JSON.stringify(rewardModel)}: ${waitingCount} responses wait, at most ${queueMax} may (REWARD_QUEUE_RESPONSES_MAX). Repeat the call after the delay given.`,
      { facts: { rewardModel, waitingCount, queueMax }, retryAfterMs },
    );
  }
}

/** Outcome of one response whose reward is NaN or infinite; it has no score. Maps to OUT_OF_RANGE. */
export class RewardNotFiniteError extends AppError {
  readonly code = 'REWARD_NOT_FINITE';
  readonly status = 'OUT_OF_RANGE';

  constructor(rewardModel: string, what: string, value: number) {
    super(`Reward model ${JSON.stringify(rewardModel)}: expected a finite ${what}, got ${value}. Mend the reward.`, {
      facts: { rewardModel, what, value: String(value) },
    });
  }
}

/** Outcome of one response on which the backend failed; it has no score. Maps to INTERNAL of the backend. */
export class RewardBackendFailedError extends AppError {
  readonly code = 'REWARD_BACKEND_FAILED';
  readonly status = 'INTERNAL';

  constructor(rewardModel: string, reason: string) {
    super(`Reward model ${JSON.stringify(rewardModel)}: expected a reward, but ${reason}. Mend the reward model.`, {
      facts: { rewardModel, reason },
    });
  }
}

/** Outcome of one response on which the backend did not answer in time. Maps to DEADLINE_EXCEEDED. */
export class RewardBackendTimeoutError extends AppError {
  readonly code = 'REWARD_BACKEND_TIMEOUT';
  readonly status = 'DEADLINE_EXCEEDED';

  constructor(rewardModel: string, timeoutMs: number) {
    super(
      `Reward model ${JSON.stringify(rewardModel)}: expected a reward within ${timeoutMs} ms (REWARD_BACKEND_TIMEOUT_MS), got none; its thread was ended and started anew`,
      { facts: { rewardModel, timeoutMs } },
    );
  }
}

/** Outcome of one response that has no text. Maps to INVALID_ARGUMENT. */
export class ResponseEmptyError extends AppError {
  readonly code = 'RESPONSE_EMPTY';
  readonly status = 'INVALID_ARGUMENT';

  constructor() {
    super('response: expected text, got none. An empty response has no reward; leave it out.');
  }
}

/** Outcome of a text that is not well-formed Unicode: half a surrogate pair stands alone. Maps to INVALID_ARGUMENT. */
export class TextMalformedError extends AppError {
  readonly code = 'TEXT_MALFORMED';
  readonly status = 'INVALID_ARGUMENT';

  constructor(field: string) {
    super(
      `${field}: expected well-formed Unicode, got a surrogate without its partner. Cut texts between characters.`,
      {
        facts: { field },
      },
    );
  }
}

/** Outcome of token ids given to a reward model: none has the policy's tokenizer. Maps to INVALID_ARGUMENT. */
export class TokenIdsUnsupportedError extends AppError {
  readonly code = 'TOKEN_IDS_UNSUPPORTED';
  readonly status = 'INVALID_ARGUMENT';

  constructor(field: string, backend: string) {
    super(
      `${field}: expected text, got token ids, which a ${backend} backend cannot read: they are of another model's tokenizer. Send the decoded text.`,
      {
        facts: { field, backend },
      },
    );
  }
}

/** Thrown when a reward model cannot be loaded: at start the service does not start, beside live traffic nothing changes. */
export class RewardModelBrokenError extends AppError {
  readonly code = 'REWARD_MODEL_BROKEN';
  readonly status = 'FAILED_PRECONDITION';

  constructor(rewardModel: string, reason: string) {
    super(
      `Reward model ${JSON.stringify(rewardModel)} cannot be loaded: ${reason.replace(/\.$/, '')}. Correct its settings (REWARD_MODELS, or what was staged) or the model.`,
      {
        facts: { rewardModel, reason },
      },
    );
  }
}

/**
 * Thrown when the file that remembers requests cannot be opened, or a request not be entered before it is paid for. At start
 * the service does not start; in a call nothing has been paid for. Maps to UNAVAILABLE.
 */
export class RequestCacheUnusableError extends AppError {
  readonly code = 'REQUEST_CACHE_UNUSABLE';
  readonly status = 'UNAVAILABLE';

  constructor(path: string, reason: string, cause: unknown) {
    super(
      `The request cache ${path} (REWARD_REQUEST_CACHE_PATH) cannot be used: ${reason}. Mend the disk or name another file; without it requests would be paid for twice after a crash.`,
      { facts: { reason }, cause },
    );
  }
}
