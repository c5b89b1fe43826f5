/** @file Traces and metrics: declared in `registry.ts`, recorded through the functions below. */
import './register.js'; // first: it patches grpc-js before anything else imports it

export { count, recordAmount, recordDuration, setGauge } from './metrics.js';
export { METRICS, type MetricAttributes, type MetricName } from './metric-registry.js';
export {
  ATTRIBUTES,
  SPANS,
  type AttributeName,
  type Attributes,
  type SpanAttributes,
  type SpanName,
} from './registry.js';
export { ALIVE_PATH, READY_PATH, type ProcessHealth } from './probes.js';
export { recordSpan, withSpan, type OpenSpan } from './spans.js';
export { startTelemetry, type Telemetry, type TelemetryOptions } from './start-telemetry.js';
export { MetricsAddressUnusableError } from './telemetry.errors.js';
export { currentTraceparent, withTraceparent } from './trace-context.js';
