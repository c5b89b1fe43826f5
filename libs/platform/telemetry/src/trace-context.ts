/**
 * @file W3C `traceparent` as text: the form in which a trace crosses worker threads, which OpenTelemetry's context
 * does not, and processes that run without telemetry.
 */
import { ROOT_CONTEXT, context, isSpanContextValid, trace, type Context } from '@opentelemetry/api';

const TRACEPARENT_PATTERN = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** `traceparent` of the active span; `undefined` outside of any. */
export function currentTraceparent(): string | undefined {
  const span = trace.getSpanContext(context.active());
  if (!span || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

/** Runs `run` as a child of the span that `traceparent` names; an absent or malformed one starts a trace of its own. */
export function withTraceparent<T>(traceparent: string | undefined, run: () => T): T {
  return context.with(contextOf(traceparent), run);
}

function contextOf(traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] = TRACEPARENT_PATTERN.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
  });
}
