/** @file The OpenTelemetry SDK with our exporters; loaded only when telemetry is on. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import type { GrpcInstrumentation } from '@opentelemetry/instrumentation-grpc';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { PeriodicExportingMetricReader, type IMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import { resetInstruments } from './metrics.js';
import { answerProbe, type ProcessHealth } from './probes.js';
import type { Telemetry } from './start-telemetry.js';
import { MetricsAddressUnusableError } from './telemetry.errors.js';

export interface SdkOptions {
  readonly service: string;
  /** True sends traces and metrics to the collector of `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly exports: boolean;
  readonly metricsAddress: string | undefined;
  readonly health: (() => ProcessHealth) | undefined;
  readonly instrumentations: readonly GrpcInstrumentation[];
}

/** Starts the SDK and, where asked for, the Prometheus endpoint. */
export async function startSdk(options: SdkOptions): Promise<Telemetry> {
  const metricReaders: IMetricReader[] = [];
  if (options.exports) metricReaders.push(new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() }));
  const prometheus =
    options.metricsAddress === undefined ? undefined : new PrometheusExporter({ preventServerStart: true });
  if (prometheus) metricReaders.push(prometheus);

  const sdk = new NodeSDK({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': options.service })),
    spanProcessors: options.exports ? [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })] : [],
    metricReaders,
    logRecordProcessors: [],
    instrumentations: [...options.instrumentations],
  });
  sdk.start();
  resetInstruments();

  const { metricsAddress, health } = options;
  const endpoint =
    prometheus && metricsAddress !== undefined ? await serve(prometheus, { metricsAddress, health }) : undefined;
  return {
    metricsAddress: endpoint?.address,
    shutdown: async () => {
      endpoint?.server.close();
      endpoint?.server.closeAllConnections();
      try {
        await sdk.shutdown();
      } catch {
        // The collector is gone; what was not sent is lost, as it would be in a crash.
      }
    },
  };
}

/** Our own HTTP server around the exporter's handler, since the exporter hides the port that it found. */
async function serve(
  prometheus: PrometheusExporter,
  { metricsAddress, health }: { readonly metricsAddress: string; readonly health: (() => ProcessHealth) | undefined },
): Promise<{ readonly server: Server; readonly address: string }> {
  const at = metricsAddress.lastIndexOf(':');
  const host = metricsAddress.slice(0, at);
  const server = createServer((request, response) => {
    if (health && answerProbe(request, response, health)) return;
    if (request.url === '/metrics') prometheus.getMetricsRequestHandler(request, response);
    else response.writeHead(404).end();
  });
  server.listen(Number(metricsAddress.slice(at + 1)), host.replace(/^\[|\]$/g, ''));
  await once(server, 'listening').catch((thrown: NodeJS.ErrnoException) => {
    throw new MetricsAddressUnusableError(metricsAddress, thrown);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return { server, address: `${host}:${port}` };
}
