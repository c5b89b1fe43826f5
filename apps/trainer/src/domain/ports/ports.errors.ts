/** @file How services fail as a whole; failures of single items are values, see `outcomes.ts`. */
import { AppError } from '#core';
import type { RewardModel } from './reward-port.js';

/** Which service a call went to. */
export type Service = 'policy' | 'reward' | 'meta-learner';

const UNAVAILABLE_CODES = {
  policy: 'POLICY_UNAVAILABLE',
  reward: 'REWARD_UNAVAILABLE',
  'meta-learner': 'META_LEARNER_UNAVAILABLE',
} as const;

/** Thrown when a service did not answer within the time that retries may take. The run can be started again. */
export class ServiceUnavailableError extends AppError {
  readonly code: (typeof UNAVAILABLE_CODES)[Service];
  readonly status = 'UNAVAILABLE';

  constructor(service: Service, where: string, attempts: number, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `The ${service} service at ${where} did not answer in ${attempts} attempts (last: ${reason}). ` +
        'Mend it, then start the run again; finished work is kept',
      { facts: { service, where, attempts }, cause },
    );
    this.code = UNAVAILABLE_CODES[service];
  }
}

/** Thrown when a service refuses a call for a reason that repeating it does not mend. */
export class ServiceRefusedError extends AppError {
  readonly status = 'FAILED_PRECONDITION';

  constructor(
    service: Service,
    /** The service's own stable reason. */
    readonly code: string,
    message: string,
    cause: unknown,
  ) {
    super(`The ${service} service refused: ${message}`, { facts: { service }, cause });
  }
}

/** Thrown when a service's answer contradicts the contract. */
export class ServiceReplyInvalidError extends AppError {
  readonly code = 'SERVICE_REPLY_INVALID';
  readonly status = 'INTERNAL';

  constructor(service: Service, expected: string, got: string) {
    super(`The ${service} service's reply: expected ${expected}, got ${got}`, { facts: { service, expected, got } });
  }
}

/** Thrown when no reward replica answers for the model that a unit is held to: a score of another one is never taken. */
export class RewardEpochGoneError extends AppError {
  readonly code = 'REWARD_EPOCH_GONE';
  readonly status = 'FAILED_PRECONDITION';
  /** True when waiting does not help: epochs only grow. */
  readonly isFinal: boolean;

  constructor({ name, epoch, weightsDigest }: RewardModel, inService: RewardModel, replica: string) {
    super(
      `Reward model ${name}: expected epoch ${epoch} (${weightsDigest}), which this iteration of the run is held to, got ` +
        `epoch ${inService.epoch} (${inService.weightsDigest}) at ${replica}, which does not answer for the former. Roll ` +
        'the reward model back and start the run again, or go on under what is in service: --set reward_swaps=follow',
      { facts: { name, epoch, weightsDigest, inService: inService.epoch, replica } },
    );
    this.isFinal = inService.weightsDigest !== weightsDigest && BigInt(inService.epoch) >= BigInt(epoch);
  }
}

/** Thrown when the meta-learner service no longer holds the state that this run left there. */
export class MetaLearnerLostError extends AppError {
  readonly code = 'META_LEARNER_LOST';
  readonly status = 'ABORTED';

  constructor(reason: string, cause: unknown) {
    super(`The meta-learner service does not hold this run's state: ${reason}`, { facts: { reason }, cause });
  }
}
