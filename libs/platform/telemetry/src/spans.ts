/** @file Records the spans of the registry. Without a running SDK every function costs next to nothing. */
import {
  SpanKind,
  SpanStatusCode,
  context,
  trace,
  type Attributes as OtelAttributes,
  type Span,
} from '@opentelemetry/api';
import { AppError, messageOf } from '#core';
import {
  ATTRIBUTES,
  SPANS,
  type AttributeName,
  type Attributes,
  type SpanAttributes,
  type SpanName,
} from './registry.js';

const tracer = trace.getTracer('metaapo');

/** The open span, for what is known only later. */
export interface OpenSpan<Name extends SpanName> {
  /** Adds attributes; later values replace earlier ones. */
  set(attributes: SpanAttributes<Name>): void;
}

/** Runs `run` inside a span. The span ends with it, and with an error when it throws. */
export async function withSpan<Name extends SpanName, T>(
  name: Name,
  attributes: SpanAttributes<Name>,
  run: (span: OpenSpan<Name>) => Promise<T> | T,
): Promise<T> {
  const span = tracer.startSpan(SPANS[name].key, { kind: SpanKind.INTERNAL, attributes: toOtel(attributes) });
  try {
    return await context.with(trace.setSpan(context.active(), span), () =>
      run({ set: (more) => void span.setAttributes(toOtel(more)) }),
    );
  } catch (thrown) {
    markFailed(span, thrown);
    throw thrown;
  } finally {
    span.end();
  }
}

/** Records a span that is over, for instance one measured in a worker thread; a child of the active span. */
export function recordSpan<Name extends SpanName>(
  name: Name,
  attributes: SpanAttributes<Name>,
  { startMs, endMs }: { /** Milliseconds since the epoch. */ readonly startMs: number; readonly endMs: number },
): void {
  tracer
    .startSpan(SPANS[name].key, { kind: SpanKind.INTERNAL, attributes: toOtel(attributes), startTime: startMs })
    .end(endMs);
}

/** Attributes by their code names to attributes by their keys; absent ones are left out. */
export function toOtel(attributes: Attributes): OtelAttributes {
  const entries = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [ATTRIBUTES[name as AttributeName].key, value]));
}

function markFailed(span: Span, thrown: unknown): void {
  const reason = thrown instanceof AppError ? thrown.code : 'INTERNAL';
  span.setAttributes(toOtel({ outcome: reason }));
  span.recordException(thrown instanceof Error ? thrown : messageOf(thrown));
  span.setStatus({ code: SpanStatusCode.ERROR, message: reason });
}
