/**
 * @file Switches on the tracing of gRPC calls, when `OTEL_EXPORTER_OTLP_ENDPOINT` asks for telemetry.
 *
 * Building the instrumentation hooks `require`; loading grpc-js through `require` right after patches it before any
 * ES module takes a snapshot of its exports. So this file must be evaluated before anything that imports grpc-js: it is
 * the first import of this package's index, which `#platform/rpc` imports first; `node --import …/register.js app.js`
 * does the same for programs of other shapes. The loader hook of OpenTelemetry would do it too, for 1.3 s of start-up.
 */
import { createRequire } from 'node:module';
import type { GrpcInstrumentation } from '@opentelemetry/instrumentation-grpc';

/** Calls that would drown the others, or trace the tracing. */
const UNTRACED_METHODS = ['Check', 'Watch', 'Export', 'ServerReflectionInfo'];

function register(): GrpcInstrumentation | undefined {
  if (!process.env.OTEL_EXPORTER_OTLP_ENDPOINT) return undefined;
  const require = createRequire(import.meta.url);
  const { GrpcInstrumentation: Instrumentation } =
    require('@opentelemetry/instrumentation-grpc') as typeof import('@opentelemetry/instrumentation-grpc');
  const instrumentation = new Instrumentation({ ignoreGrpcMethods: UNTRACED_METHODS });
  require('@grpc/grpc-js');
  return instrumentation;
}

/** Present when telemetry is on. `startTelemetry` gives it its providers. */
export const grpcInstrumentation = register();
