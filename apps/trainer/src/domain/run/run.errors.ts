/** @file How a run ends otherwise than well. */
import { AppError } from '#core';

/** Thrown inside a run that was asked to stop. It can be started again. */
export class RunCancelledError extends AppError {
  readonly code = 'RUN_CANCELLED';
  readonly status = 'CANCELLED';

  constructor() {
    super('The run was stopped as asked. Start it again to go on: finished work is kept');
  }
}

/** Thrown when the data or the settings leave an iteration without rows. */
export class RowsTooFewError extends AppError {
  readonly code = 'DATA_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(rowCount: number, iterations: number) {
    super(
      `Expected at least one usable row per iteration, ${iterations} in all, got ${rowCount}. Add data, or lower algorithm.iterations`,
      { facts: { rowCount, iterations } },
    );
  }
}

/** Thrown when the services cannot do what the configuration asks of them. */
export class RunLimitExceededError extends AppError {
  readonly code = 'CONFIG_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(key: string, value: number, max: number, who: string) {
    super(`${key}: expected at most ${max}, the limit of the ${who} service, got ${value}`, {
      facts: { key, value, max },
    });
  }
}

/** Thrown when the policy draws samples with other weights than the configuration says. */
export class DecodePrecisionMismatchError extends AppError {
  readonly code = 'CONFIG_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(configured: string, served: string) {
    super(
      `model.decode_precision: expected ${served}, which the policy service decodes in, got ${configured}. Change the key, ` +
        `or start the policy with POLICY_DECODE_PRECISION=${configured}`,
      { facts: { configured, served } },
    );
  }
}

/** Thrown when full training would start from other weights than those that are served. */
export class BaseModelMismatchError extends AppError {
  readonly code = 'BASE_MODEL_MISMATCH';
  readonly status = 'FAILED_PRECONDITION';

  constructor(model: string, found: string, served: string) {
    super(
      `model.path ${model}: the trainer found ${found}, the policy serves ${served}. Give both the same files; a name on ` +
        'the Hub means the same to both when it names a commit: org/model@commit',
      { facts: { model, found, served } },
    );
  }
}

/** Thrown when a frozen meta-learner's file is not one. */
export class SnapshotInvalidError extends AppError {
  readonly code = 'SNAPSHOT_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(path: string, problem: string, cause?: unknown) {
    super(`algorithm.weight.snapshot ${path}: expected a meta-learner.json of a finished run, ${problem}`, {
      facts: { path },
      cause,
    });
  }
}

/** Thrown when a step that is computed again comes out otherwise than the journal has it. */
export class StepDivergedError extends AppError {
  readonly code = 'STEP_DIVERGED';
  readonly status = 'FAILED_PRECONDITION';

  constructor(step: string) {
    super(
      `Step ${step}, computed again after a restart: expected the adapter that the journal names, got another one. The policy service now ` +
        'computes otherwise than when the step was taken: go on with the same program, on the same kind of machine',
      { facts: { step } },
    );
  }
}

/** Thrown when every prompt of a phase failed, so that going on would only hide what is wrong. */
export class PhaseFailedError extends AppError {
  readonly code = 'PHASE_FAILED';
  readonly status = 'FAILED_PRECONDITION';

  constructor(
    phase: string,
    count: number,
    { reason, message }: { readonly reason: string; readonly message: string },
  ) {
    super(
      `All ${count} items of phase ${phase} failed, the first with ${reason}: ${message}. Mend it, then start the run again`,
      { facts: { phase, count, reason } },
    );
  }
}
