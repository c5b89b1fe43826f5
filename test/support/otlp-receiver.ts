/**
 * @file A collector in the test's own process: the gRPC services that OpenTelemetry's exporters talk to.
 *
 * The part of the OTLP messages that tests look at, declared through protobufjs reflection after
 * opentelemetry-proto's `trace.proto` and `metrics.proto` (field numbers are theirs).
 */
import * as grpc from '@grpc/grpc-js';
import protobuf from 'protobufjs';

const repeated = (id: number, type: string) => ({ id, type, rule: 'repeated' });
const message = (fields: Record<string, object>) => ({ fields });

const DECLARATIONS = {
  nested: {
    AnyValue: message({
      stringValue: { id: 1, type: 'string' },
      boolValue: { id: 2, type: 'bool' },
      intValue: { id: 3, type: 'int64' },
      doubleValue: { id: 4, type: 'double' },
    }),
    KeyValue: message({ key: { id: 1, type: 'string' }, value: { id: 2, type: 'AnyValue' } }),
    Resource: message({ attributes: repeated(1, 'KeyValue') }),
    Status: message({ message: { id: 2, type: 'string' }, code: { id: 3, type: 'int32' } }),
    Span: message({
      traceId: { id: 1, type: 'bytes' },
      spanId: { id: 2, type: 'bytes' },
      parentSpanId: { id: 4, type: 'bytes' },
      name: { id: 5, type: 'string' },
      kind: { id: 6, type: 'int32' },
      attributes: repeated(9, 'KeyValue'),
      status: { id: 15, type: 'Status' },
    }),
    ScopeSpans: message({ spans: repeated(2, 'Span') }),
    ResourceSpans: message({ resource: { id: 1, type: 'Resource' }, scopeSpans: repeated(2, 'ScopeSpans') }),
    TraceRequest: message({ resourceSpans: repeated(1, 'ResourceSpans') }),
    Metric: message({ name: { id: 1, type: 'string' }, unit: { id: 3, type: 'string' } }),
    ScopeMetrics: message({ metrics: repeated(2, 'Metric') }),
    ResourceMetrics: message({ resource: { id: 1, type: 'Resource' }, scopeMetrics: repeated(2, 'ScopeMetrics') }),
    MetricsRequest: message({ resourceMetrics: repeated(1, 'ResourceMetrics') }),
    Empty: message({}),
  },
};
const root = protobuf.Root.fromJSON(DECLARATIONS as protobuf.INamespace);

type Value = string | number | boolean;

/** One span as a test looks at it. Ids in hexadecimal; an empty parent is a root. */
export interface ReceivedSpan {
  readonly service: string;
  readonly name: string;
  readonly kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly attributes: Readonly<Record<string, Value>>;
  readonly failed: boolean;
}

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUS_ERROR = 2;

interface KeyValue {
  key: string;
  value?: { stringValue?: string; boolValue?: boolean; intValue?: string; doubleValue?: number };
}
interface TraceRequest {
  resourceSpans: { resource?: { attributes: KeyValue[] }; scopeSpans: { spans: WireSpan[] }[] }[];
}
interface WireSpan {
  traceId: Buffer;
  spanId: Buffer;
  parentSpanId?: Buffer;
  name: string;
  kind: number;
  attributes: KeyValue[];
  status?: { code?: number };
}
interface MetricsRequest {
  resourceMetrics: { scopeMetrics: { metrics: { name: string; unit: string }[] }[] }[];
}

export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  /** Metric name → unit. */
  readonly metrics = new Map<string, string>();
  readonly #server = new grpc.Server();

  /** Starts it on a free port of the loopback. @returns value for `OTEL_EXPORTER_OTLP_ENDPOINT` */
  async start(): Promise<string> {
    this.#server.addService(exportService('trace', 'TraceService', 'TraceRequest'), {
      Export: this.#handler((request) => this.#takeSpans(request as TraceRequest)),
    });
    this.#server.addService(exportService('metrics', 'MetricsService', 'MetricsRequest'), {
      Export: this.#handler((request) => this.#takeMetrics(request as MetricsRequest)),
    });
    const port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    return `http://127.0.0.1:${port}`;
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  /** The spans of one name, optionally of one service. */
  named(name: string, service?: string): ReceivedSpan[] {
    return this.spans.filter((span) => span.name === name && (service === undefined || span.service === service));
  }

  #handler(take: (request: unknown) => void): grpc.handleUnaryCall<unknown, object> {
    return (call, callback) => {
      take(call.request);
      callback(null, {});
    };
  }

  #takeSpans({ resourceSpans }: TraceRequest): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = String(attributesOf(resource?.attributes ?? [])['service.name'] ?? '');
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
        this.spans.push({
          service,
          name: span.name,
          kind: KINDS[span.kind] ?? 'unspecified',
          traceId: span.traceId.toString('hex'),
          spanId: span.spanId.toString('hex'),
          parentSpanId: span.parentSpanId?.toString('hex') ?? '',
          attributes: attributesOf(span.attributes),
          failed: span.status?.code === STATUS_ERROR,
        });
      }
    }
  }

  #takeMetrics({ resourceMetrics }: MetricsRequest): void {
    const scopes = resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics);
    for (const { name, unit } of scopes.flatMap(({ metrics }) => metrics)) this.metrics.set(name, unit);
  }
}

function attributesOf(pairs: readonly KeyValue[]): Record<string, Value> {
  return Object.fromEntries(
    pairs.map(({ key, value = {} }) => [
      key,
      value.stringValue ?? value.boolValue ?? value.doubleValue ?? Number(value.intValue ?? Number.NaN),
    ]),
  );
}

function exportService(area: string, service: string, request: string): grpc.ServiceDefinition {
  const [requestType, responseType] = [root.lookupType(request), root.lookupType('Empty')];
  return {
    Export: {
      path: `/opentelemetry.proto.collector.${area}.v1.${service}/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: (value: object) => Buffer.from(requestType.encode(requestType.fromObject(value)).finish()),
      requestDeserialize: (bytes: Buffer) =>
        requestType.toObject(requestType.decode(bytes), { longs: String, arrays: true }),
      responseSerialize: () => Buffer.from(responseType.encode({}).finish()),
      responseDeserialize: () => ({}),
    },
  };
}
