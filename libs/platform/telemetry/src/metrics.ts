/** @file Records the metrics of the registry. Instruments are made on first use, so that the SDK may start before. */
import { metrics, type Counter, type Gauge, type Histogram } from '@opentelemetry/api';
import {
  AMOUNT_BOUNDS,
  DURATION_BOUNDS_S,
  METRICS,
  type MetricAttributes,
  type MetricName,
  type MetricOfKind,
} from './metric-registry.js';
import { toOtel } from './spans.js';

/** Records how long something took. @param durationMs milliseconds; exported in seconds. */
export function recordDuration<Name extends MetricOfKind<'duration'>>(
  name: Name,
  durationMs: number,
  attributes: MetricAttributes<Name>,
): void {
  histogram(name, DURATION_BOUNDS_S).record(durationMs / 1000, toOtel(attributes));
}

/** Records how much one occurrence was, in the metric's unit. */
export function recordAmount<Name extends MetricOfKind<'amount'>>(
  name: Name,
  amount: number,
  attributes: MetricAttributes<Name>,
): void {
  histogram(name, AMOUNT_BOUNDS).record(amount, toOtel(attributes));
}

/** Adds to a counter. @param increment range [0, ∞) */
export function count<Name extends MetricOfKind<'counter'>>(
  name: Name,
  increment: number,
  attributes: MetricAttributes<Name>,
): void {
  const { key, unit, description } = METRICS[name];
  const make = (): Counter => meter().createCounter(key, { unit, description });
  instrument(name, make).add(increment, toOtel(attributes));
}

/** Sets a gauge to its current value. */
export function setGauge<Name extends MetricOfKind<'gauge'>>(
  name: Name,
  value: number,
  attributes: MetricAttributes<Name>,
): void {
  const { key, unit, description } = METRICS[name];
  const make = (): Gauge => meter().createGauge(key, { unit, description });
  instrument(name, make).record(value, toOtel(attributes));
}

function histogram(name: MetricOfKind<'duration' | 'amount'>, bounds: readonly number[]): Histogram {
  const { key, unit, description } = METRICS[name];
  const advice = { explicitBucketBoundaries: [...bounds] };
  return instrument(name, () => meter().createHistogram(key, { unit, description, advice }));
}

const meter = () => metrics.getMeter('metaapo');
const instruments = new Map<MetricName, unknown>();

function instrument<T>(name: MetricName, make: () => T): T {
  const known = instruments.get(name) as T | undefined;
  if (known !== undefined) return known;
  const made = make();
  instruments.set(name, made);
  return made;
}

/** Forgets the instruments, which belong to the meter provider of their time. For `startTelemetry`. */
export function resetInstruments(): void {
  instruments.clear();
}
