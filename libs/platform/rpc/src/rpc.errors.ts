/** @file The failures of calls and servers that are not of one service. */
import { AppError, type ErrorFacts, type FieldProblem, type HasFieldProblems, type StatusName } from '#core';

/** Thrown when a call arrives at a server that is going down. Maps to UNAVAILABLE; another replica will answer. */
export class DrainingError extends AppError {
  readonly code = 'DRAINING';
  readonly status = 'UNAVAILABLE';

  constructor() {
    super('This server is going down and takes no new calls; repeat the call, another replica will answer', {
      retryAfterMs: 100,
    });
  }
}

/** Thrown when a server already answers as many calls as it may. Maps to RESOURCE_EXHAUSTED. */
export class CallsFullError extends AppError {
  readonly code = 'CALLS_FULL';
  readonly status = 'RESOURCE_EXHAUSTED';

  constructor(readonly concurrentCallsMax: number) {
    super(`This server answers ${concurrentCallsMax} calls at once and not one more; repeat the call later`, {
      facts: { concurrentCallsMax },
      retryAfterMs: 200,
    });
  }
}

/** Thrown when a server's port is taken. */
export class AddressInUseError extends AppError {
  readonly code = 'ADDRESS_IN_USE';
  readonly status = 'UNAVAILABLE';

  constructor(readonly address: string) {
    super(
      `Cannot serve on ${address}: another process does. End that process, or choose another port (0: any free one)`,
      {
        facts: { address },
      },
    );
  }
}

/** Thrown when a server cannot serve on its address for another reason than a taken port. */
export class AddressUnusableError extends AppError {
  readonly code = 'ADDRESS_UNUSABLE';
  readonly status = 'UNAVAILABLE';

  constructor(
    readonly address: string,
    reason: string,
  ) {
    super(`Cannot serve on ${address}: ${reason}. Give an address of this machine`, { facts: { address } });
  }
}

/** Thrown before a request is sent whose texts the wire cannot carry. Maps to INVALID_ARGUMENT. */
export class SentTextMalformedError extends AppError implements HasFieldProblems {
  readonly code = 'TEXT_MALFORMED';
  readonly status = 'INVALID_ARGUMENT';

  constructor(readonly fieldProblems: readonly FieldProblem[]) {
    const lines = fieldProblems.map(({ field, description }) => `${field}: ${description}`);
    super(`Nothing was sent. Cut texts between characters, not within: ${lines.join('; ')}`, {
      facts: { fieldCount: fieldProblems.length },
    });
  }
}

/**
 * A failure that another service answered with, or that the connection met.
 *
 * `code` is the reason of its `ErrorInfo`; where there is none (connection refused, deadline, a foreign server) the
 * name of the gRPC status.
 */
export class RemoteError extends AppError implements HasFieldProblems {
  readonly code: string;
  readonly status: StatusName;
  readonly fieldProblems: readonly FieldProblem[];
  /** Full name of the method that failed, or empty. */
  readonly method: string;

  constructor(options: {
    readonly code: string;
    readonly status: StatusName;
    readonly message: string;
    readonly method?: string;
    readonly facts?: ErrorFacts;
    readonly fieldProblems?: readonly FieldProblem[];
    readonly retryAfterMs?: number | undefined;
    readonly cause?: unknown;
  }) {
    const { message, facts = {}, retryAfterMs, cause } = options;
    super(message, { facts, cause, ...(retryAfterMs !== undefined && { retryAfterMs }) });
    this.code = options.code;
    this.status = options.status;
    this.method = options.method ?? '';
    this.fieldProblems = options.fieldProblems ?? [];
  }
}
