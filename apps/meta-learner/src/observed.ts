/** @file Runs one piece of the meta-learner's work under a span and a clock. */
import type { Timing } from '#contracts/common';
import { systemClock } from '#core';
import { toTiming } from '#platform/rpc';
import { recordDuration, withSpan, type OpenSpan, type SpanAttributes } from '#platform/telemetry';

export interface Observed<T> {
  readonly result: T;
  /** All of it is computing: this service has no queue and no tokenizer. */
  readonly timing: Timing;
}

export async function observed<Name extends 'gate' | 'metaUpdate', T>(
  span: Name,
  attributes: SpanAttributes<Name>,
  work: (span: OpenSpan<Name>) => Promise<T>,
): Promise<Observed<T>> {
  const startMs = systemClock.monotonicMs();
  const result = await withSpan(span, attributes, work);
  const computeMs = systemClock.monotonicMs() - startMs;
  recordDuration('computeDuration', computeMs, { phase: span === 'gate' ? 'gate' : 'update', service: 'meta-learner' });
  return { result, timing: toTiming({ computeMs, totalMs: computeMs }) };
}
