/**
 * @file The errors that callers can tell apart.
 *
 * Every failure that a caller may branch on is a class with a stable UPPER_SNAKE `code`; the same word travels as the
 * `reason` of `google.rpc.ErrorInfo` and of `metaapo.common.v1.ItemStatus`, and stands in `proto/ERRORS.md`. A broken
 * invariant is an `InvariantError`: a defect of ours, never the caller's.
 */

/** Canonical gRPC status names; the numbers are the protocol's. */
export const STATUS_NUMBERS = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

export type StatusName = keyof typeof STATUS_NUMBERS;

/** Facts of an error for machines; whatever varies in the message is here too. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean>>;

/** A failure that the caller can understand and act on. Message: what was expected, what came, where, what to do. */
export abstract class AppError extends Error {
  /** Stable reason, UPPER_SNAKE. */
  abstract readonly code: string;
  /** Canonical status this maps to on the wire. */
  abstract readonly status: StatusName;
  /** Varying parts of the message, for `ErrorInfo.metadata`. */
  readonly facts: ErrorFacts;
  /** When a repetition may help: how long to wait first, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: { facts?: ErrorFacts; retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.facts = options.facts ?? {};
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Thrown when the program contradicts itself. Maps to INTERNAL; the message stays in the log. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Throws `InvariantError` unless `condition` holds. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Narrows away `undefined` and `null` where the surrounding code guarantees a value. */
export function present<T>(value: T | undefined | null, what: string): T {
  assert(value !== undefined && value !== null, `${what} is absent`);
  return value;
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
