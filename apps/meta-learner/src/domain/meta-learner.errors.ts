/** @file What can go wrong around meta-learners; the codes are those named in `metalearner.proto`. */
import { AppError, type FieldProblem, type HasFieldProblems } from '#core';

/** Thrown when no TensorFlow.js backend of the wanted kind loads. The service does not start. */
export class TensorFlowUnavailableError extends AppError {
  readonly code = 'TENSORFLOW_UNAVAILABLE';
  readonly status = 'FAILED_PRECONDITION';

  constructor(choice: string, reasons: readonly string[]) {
    super(
      `No TensorFlow.js backend for "${choice}": ${reasons.join('; ')}. Install the package, or set META_LEARNER_BACKEND to auto or cpu.`,
      { facts: { choice } },
    );
  }
}

/** Thrown when a run has no meta-learner here: never created, or this process was started anew. Maps to NOT_FOUND. */
export class MetaLearnerUnknownError extends AppError {
  readonly code = 'META_LEARNER_UNKNOWN';
  readonly status = 'NOT_FOUND';

  constructor(runId: string) {
    super(
      `No meta-learner for run ${JSON.stringify(runId)}. Create it, or restore the state you saved last; states live in memory and end with the process.`,
      { facts: { runId } },
    );
  }
}

/** Thrown when a run is created again with other settings. Maps to ALREADY_EXISTS. */
export class MetaLearnerExistsError extends AppError {
  readonly code = 'META_LEARNER_EXISTS';
  readonly status = 'ALREADY_EXISTS';

  constructor(runId: string, differing: string) {
    super(
      `Run ${JSON.stringify(runId)} already has a meta-learner with other settings (${differing}). Take another run id, or restore a state in place of it.`,
      { facts: { runId, differing } },
    );
  }
}

/** Thrown when the caller's version is not the current one: another update came first. Maps to ABORTED. */
export class MetaLearnerVersionStaleError extends AppError {
  readonly code = 'META_LEARNER_VERSION_STALE';
  readonly status = 'ABORTED';

  constructor(runId: string, expectedVersion: number, currentVersion: number) {
    super(
      `Meta-learner of run ${JSON.stringify(runId)}: expected version ${expectedVersion}, current is ${currentVersion}. Get the current state and decide again.`,
      { facts: { runId, expectedVersion, currentVersion } },
    );
  }
}

/** Thrown when an update cannot be computed from its buffer. Maps to INVALID_ARGUMENT; the state is unharmed. */
export class BufferInvalidError extends AppError {
  readonly code = 'BUFFER_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(expected: string, got: string, where: string) {
    super(`Buffer of the update, ${where}: expected ${expected}, got ${got}`, { facts: { where, expected, got } });
  }
}

/** Thrown when a state to restore is not complete or not finite. Maps to INVALID_ARGUMENT. */
export class SnapshotInvalidError extends AppError implements HasFieldProblems {
  readonly code = 'SNAPSHOT_INVALID';
  readonly status = 'INVALID_ARGUMENT';

  constructor(readonly fieldProblems: readonly FieldProblem[]) {
    const lines = fieldProblems.map(({ field, description }) => `${field}: ${description}`);
    super(`State to restore: ${lines.join('; ')}`, { facts: { fieldCount: fieldProblems.length } });
  }

  /** One field. */
  static of(field: string, expected: string, got: string): SnapshotInvalidError {
    return new SnapshotInvalidError([{ field, description: `expected ${expected}, got ${got}` }]);
  }
}

/** Outcome of one gate item whose score is NaN or infinite. Maps to INVALID_ARGUMENT. */
export class ScoreNotFiniteError extends AppError {
  readonly code = 'SCORE_NOT_FINITE';
  readonly status = 'INVALID_ARGUMENT';

  constructor(itemId: string, score: number) {
    super(
      `Item ${JSON.stringify(itemId)}: expected a finite score, got ${score}. Score the pair again or leave it out.`,
      {
        facts: { itemId, score: String(score) },
      },
    );
  }
}

/** Outcome of one gate item whose score is positive, which no log-sigmoid is. Maps to INVALID_ARGUMENT. */
export class ScoreOutOfRangeError extends AppError {
  readonly code = 'SCORE_OUT_OF_RANGE';
  readonly status = 'INVALID_ARGUMENT';

  constructor(itemId: string, score: number) {
    super(
      `Item ${JSON.stringify(itemId)}: expected a score in (-∞, 0], got ${score}. The score is log sigmoid(input_beta * delta_off).`,
      { facts: { itemId, score } },
    );
  }
}
