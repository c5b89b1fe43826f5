/** @file What can go wrong between the command line and reward services, beside what these tell themselves. */
import { AppError } from '#core';

/** Thrown when no service answers, or something else does. */
export class RewardUnreachableError extends AppError {
  readonly code = 'REWARD_UNREACHABLE';
  readonly status = 'UNAVAILABLE';

  constructor(address: string, problem: string, option: string) {
    const reason = problem
      .replace(/\s*Resolution note:.*/s, '')
      .replaceAll(/\s+/g, ' ')
      .trim();
    super(
      `No reward service answers at ${address}: ${reason}. Start one, or name its address with ${option}; one that speaks ` +
        'TLS needs METAAPO_TLS_CA_PATH, and for mutual TLS METAAPO_TLS_CERT_PATH and METAAPO_TLS_KEY_PATH',
      { facts: { address } },
    );
  }
}

/** Thrown when the service does not answer in time. */
export class RewardTimedOutError extends AppError {
  readonly code = 'REWARD_TIMED_OUT';
  readonly status = 'DEADLINE_EXCEEDED';

  constructor(address: string, timeoutMs: number) {
    super(
      `${address} did not answer within ${timeoutMs / 1000} s; it may still be at work. Look with metaapo reward show, ` +
        'or give --timeout a longer time, for instance 30m',
      { facts: { address, timeoutMs } },
    );
  }
}

/** Thrown when replicas that are to change alike are not alike. */
export class RewardReplicasDifferError extends AppError {
  readonly code = 'REWARD_REPLICAS_DIFFER';
  readonly status = 'FAILED_PRECONDITION';

  /** `consequence`: what was or was not done about it. */
  constructor(rewardModel: string, slots: ReadonlyMap<string, string>, consequence: string) {
    const lines = [...slots].map(([address, text]) => `\n  ${address}: ${text}`);
    super(
      `The replicas do not hold the same models under ${rewardModel}:${lines.join('')}\n${consequence} Bring the odd ones ` +
        'to the state of the others one by one, each alone with --admin ADDRESS: stage, promote, retire',
      { facts: { rewardModel, replicaCount: slots.size } },
    );
  }
}

/** Thrown when some replicas were changed and some perhaps not. */
export class RewardChangeIncompleteError extends AppError {
  readonly code = 'REWARD_CHANGE_INCOMPLETE';
  readonly status = 'ABORTED';

  constructor(title: string, outcomes: ReadonlyMap<string, string>, command: string) {
    const lines = [...outcomes].map(([address, text]) => `\n  ${address}: ${text}`);
    super(
      `${title}: not every replica has done it:${lines.join('')}\nMend what is wrong, then finish with the same request; ` +
        `who has done it does not do it again:\n  ${command}`,
      { facts: { title, replicaCount: outcomes.size } },
    );
  }
}

/** Thrown at the end of a report whose figures break the service's limits; the report is told already. */
export class SwapLimitsBrokenError extends AppError {
  readonly code = 'SWAP_LIMITS_EXCEEDED';
  readonly status = 'FAILED_PRECONDITION';

  constructor(rewardModel: string, breaches: string) {
    super(
      `A promotion of ${rewardModel} would be refused: ${breaches}. Promote another model, or this one with ` +
        '--force --reason TEXT',
      { facts: { rewardModel } },
    );
  }
}

/** Thrown when the texts of a run cannot be read; code and message are the reader's. */
export class RunTextsError extends AppError {
  readonly status = 'FAILED_PRECONDITION';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Thrown at the end when some responses got no score; they are told already. */
export class ResponsesUnscoredError extends AppError {
  readonly code = 'RESPONSES_UNSCORED';
  readonly status = 'FAILED_PRECONDITION';

  constructor(failedCount: number, responseCount: number) {
    super(`${failedCount} of ${responseCount} responses have no score; each says why`, {
      facts: { failedCount, responseCount },
    });
  }
}
