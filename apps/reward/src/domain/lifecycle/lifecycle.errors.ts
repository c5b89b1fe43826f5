/** @file What can go wrong in swapping reward models; the codes are those named in `reward.proto`. */
import { AppError } from '#core';
import type { LimitBreach } from './swap-limits.js';

/** Thrown when a model is staged, or being loaded, where one is staged already. Maps to ALREADY_EXISTS. */
export class RewardModelAlreadyStagedError extends AppError {
  readonly code = 'REWARD_MODEL_ALREADY_STAGED';
  readonly status = 'ALREADY_EXISTS';

  constructor(rewardModel: string, what: string) {
    super(
      `Reward model ${JSON.stringify(rewardModel)}: expected no staged model, found ${what}. Promote or retire it first.`,
      { facts: { rewardModel, what } },
    );
  }
}

/** Thrown when a call needs a staged model and there is none. Maps to FAILED_PRECONDITION. */
export class RewardModelNotStagedError extends AppError {
  readonly code = 'REWARD_MODEL_NOT_STAGED';
  readonly status = 'FAILED_PRECONDITION';

  constructor(rewardModel: string) {
    super(`Reward model ${JSON.stringify(rewardModel)}: expected a staged model, found none. Stage one first.`, {
      facts: { rewardModel },
    });
  }
}

/** Thrown when the epoch that is to be retired is the one in service. Maps to FAILED_PRECONDITION. */
export class RewardModelInServiceError extends AppError {
  readonly code = 'REWARD_MODEL_IN_SERVICE';
  readonly status = 'FAILED_PRECONDITION';

  constructor(rewardModel: string, epoch: number) {
    super(
      `Reward model ${JSON.stringify(rewardModel)}: expected an epoch that is warm, got ${epoch}, which is in service. Promote another model first.`,
      { facts: { rewardModel, epoch } },
    );
  }
}

/** Thrown when there is no model to go back to. Maps to FAILED_PRECONDITION. */
export class RollbackUnavailableError extends AppError {
  readonly code = 'ROLLBACK_UNAVAILABLE';
  readonly status = 'FAILED_PRECONDITION';

  constructor(rewardModel: string, liveEpoch: number) {
    const before = liveEpoch === 1 ? 'epoch 1 is the first one' : `epoch ${liveEpoch - 1} before it is retired or lost`;
    super(
      `Reward model ${JSON.stringify(rewardModel)}: expected a warm model before epoch ${liveEpoch}, but ${before}. Stage the model that is wanted and promote it.`,
      { facts: { rewardModel, liveEpoch } },
    );
  }
}

/** Thrown when a model whose scores may cost something would be asked beside live traffic. Maps to FAILED_PRECONDITION. */
export class SwapCostNotAllowedError extends AppError {
  readonly code = 'SWAP_COST_NOT_ALLOWED';
  readonly status = 'FAILED_PRECONDITION';

  constructor(rewardModel: string, backend: string) {
    super(
      `Reward model ${JSON.stringify(rewardModel)}: its ${backend} backend may bill for every score. Set allow_cost to pay for it.`,
      { facts: { rewardModel, backend } },
    );
  }
}

/** Thrown when a report would rest on nothing. Maps to FAILED_PRECONDITION. */
export class SwapReportEmptyError extends AppError {
  readonly code = 'SWAP_REPORT_EMPTY';
  readonly status = 'FAILED_PRECONDITION';

  constructor(rewardModel: string, why: string) {
    super(
      `Reward model ${JSON.stringify(rewardModel)}: expected responses that both models scored, found none: ${why}. Send items, or start a shadow and wait for traffic.`,
      { facts: { rewardModel, why } },
    );
  }
}

/** Thrown when limits are to be kept and nothing is known of the two models. Maps to FAILED_PRECONDITION. */
export class SwapReportMissingError extends AppError {
  readonly code = 'SWAP_REPORT_MISSING';
  readonly status = 'FAILED_PRECONDITION';

  constructor(rewardModel: string) {
    super(
      `Reward model ${JSON.stringify(rewardModel)}: expected a report of the staged model against the one in service, since limits are set (REWARD_SWAP_LIMITS); found none. Get a report first, or force the promotion with a reason.`,
      { facts: { rewardModel } },
    );
  }
}

/** Thrown when the last report breaks limits. Maps to FAILED_PRECONDITION. */
export class SwapLimitsExceededError extends AppError {
  readonly code = 'SWAP_LIMITS_EXCEEDED';
  readonly status = 'FAILED_PRECONDITION';

  constructor(rewardModel: string, breaches: readonly LimitBreach[]) {
    const told = breaches.map(
      ({ limit, allowed, figure }) => `${limit} allows ${allowed}, got ${figure ?? 'no figure'}`,
    );
    super(
      `Reward model ${JSON.stringify(rewardModel)}: the last report breaks limits (REWARD_SWAP_LIMITS): ${told.join('; ')}. Stage another model, or force the promotion with a reason.`,
      { facts: { rewardModel, breaches: told.join('; ') } },
    );
  }
}

/**
 * Thrown when the file with epochs and slots cannot be read or written. At start the service does not start; in a call
 * nothing has changed. Maps to UNAVAILABLE.
 */
export class RewardStateUnusableError extends AppError {
  readonly code = 'REWARD_STATE_UNUSABLE';
  readonly status = 'UNAVAILABLE';

  constructor(path: string, reason: string, cause?: unknown) {
    super(
      `The state file ${path} (REWARD_STATE_PATH) cannot be used: ${reason}. Mend the disk, restore the file, or name another one; epochs then start anew.`,
      { facts: { reason }, cause },
    );
  }
}

/** Thrown at start when a model's files are not those that its epoch stands for. Maps to FAILED_PRECONDITION. */
export class RewardModelChangedError extends AppError {
  readonly code = 'REWARD_MODEL_CHANGED';
  readonly status = 'FAILED_PRECONDITION';

  constructor(rewardModel: string, epoch: number, expected: string, got: string) {
    super(
      `Reward model ${JSON.stringify(rewardModel)}: epoch ${epoch} stands for ${expected}, its files now give ${got}. Put them back; or set REWARD_CHANGED_MODELS=promote to serve what they hold now under the next epoch.`,
      { facts: { rewardModel, epoch, expected, got } },
    );
  }
}
