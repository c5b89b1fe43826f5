/**
 * @file Starts the OpenTelemetry SDK for a process: traces and metrics to the collector that the standard variables
 * name, metrics to a Prometheus endpoint where a port is given. With neither, nothing is loaded.
 */
import type { ProcessHealth } from './probes.js';
import { grpcInstrumentation } from './register.js';

export interface TelemetryOptions {
  /** `service.name`; `OTEL_SERVICE_NAME` goes before it. */
  readonly service: string;
  /** `host:port` for Prometheus to scrape at `/metrics`; port 0 lets the system choose. @default none */
  readonly metricsAddress?: string | undefined;
  /** What the probes at that address answer from. @default there are none */
  readonly health?: (() => ProcessHealth) | undefined;
}

/** Telemetry of this process while it runs. */
export interface Telemetry {
  /** `host:port` of the Prometheus endpoint, when there is one. */
  readonly metricsAddress: string | undefined;
  /** Sends what is left and ends. Never fails: a collector that is gone must not hold a service up. */
  shutdown(): Promise<void>;
}

/** Starts what the options and the environment ask for. */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const exports =
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined && process.env.OTEL_EXPORTER_OTLP_ENDPOINT !== '';
  if (!exports && options.metricsAddress === undefined) {
    return { metricsAddress: undefined, shutdown: () => Promise.resolve() };
  }
  // Loaded on demand: the SDK takes 0.3 s, and its exporters import grpc-js, which must be patched before.
  const { startSdk } = await import('./sdk.js');
  return startSdk({
    service: process.env.OTEL_SERVICE_NAME || options.service,
    exports,
    metricsAddress: options.metricsAddress,
    health: options.health,
    instrumentations: grpcInstrumentation ? [grpcInstrumentation] : [],
  });
}
