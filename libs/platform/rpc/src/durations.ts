/** @file Milliseconds to `google.protobuf.Duration` and `Timestamp`, and back. */
import type { Timing } from '#contracts/common';

/** A duration or a time since the epoch, as a caller writes it. */
export interface SecondsAndNanos {
  readonly seconds: string;
  readonly nanos: number;
}

/** Milliseconds to a Duration. Sub-millisecond parts are kept to the nanosecond. */
export function toDuration(durationMs: number): SecondsAndNanos {
  const wholeSeconds = Math.trunc(durationMs / 1000);
  const nanos = Math.round((durationMs - wholeSeconds * 1000) * 1e6);
  // Rounding may give a full second; the protocol wants |nanos| < 1e9 and both of one sign.
  if (Math.abs(nanos) === 1e9) return { seconds: String(wholeSeconds + Math.sign(nanos)), nanos: 0 };
  return { seconds: String(wholeSeconds), nanos: nanos === 0 ? 0 : nanos };
}

/** A Duration to milliseconds. */
export function fromDuration(duration: SecondsAndNanos): number {
  return Number(duration.seconds) * 1000 + duration.nanos / 1e6;
}

/** Milliseconds since the epoch, not before it, to a Timestamp. */
export function toTimestamp(epochMs: number): SecondsAndNanos {
  return toDuration(epochMs);
}

/** A Timestamp to milliseconds since the epoch. */
export function fromTimestamp(timestamp: SecondsAndNanos): number {
  return fromDuration(timestamp);
}

/** Where the time of a call went, in milliseconds. */
export interface TimingMs {
  readonly queueMs?: number;
  readonly tokenizeMs?: number;
  readonly computeMs?: number;
  readonly totalMs: number;
}

/** Milliseconds to `metaapo.common.v1.Timing`; parts that were not measured are zero. */
export function toTiming({ queueMs = 0, tokenizeMs = 0, computeMs = 0, totalMs }: TimingMs): Timing {
  return {
    queue: toDuration(queueMs),
    tokenize: toDuration(tokenizeMs),
    compute: toDuration(computeMs),
    total: toDuration(totalMs),
  };
}
