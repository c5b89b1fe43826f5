/**
 * @file One gRPC server: a port with its services, health, reflection, limits and admission gate.
 *
 * Made from `rpcServer`, run by `startRpcApp`; `options` alone can be given to Nest where nothing else is wanted.
 */
import type * as grpc from '@grpc/grpc-js';
import { Transport, type GrpcOptions } from '@nestjs/microservices';
import { HealthImplementation } from 'grpc-health-check';
import { contract, type ServiceName } from '#contracts';
import { assert } from '#core';
import { CallGate } from './call-gate.js';
import { MESSAGE_BYTES_MAX_DEFAULT } from './client.js';
import { addReflection } from './reflection.js';
import { TlsServerCredentials } from './tls/tls-credentials.js';
import type { TlsFiles } from './tls/tls-files.js';

export interface RpcServerOptions {
  /** What the port is for, for instance `main` or `admin`; unique within an app. @default 'main' */
  readonly role?: string;
  /** `host:port`; port 0 lets the system choose. */
  readonly address: string;
  /** Full names of the services behind this port. At least one. */
  readonly services: readonly ServiceName[];
  /** Largest message received or sent, in bytes. @default 64 MiB */
  readonly messageBytesMax?: number;
  /** Most calls in flight; more get RESOURCE_EXHAUSTED / CALLS_FULL. @default 1024 */
  readonly concurrentCallsMax?: number;
  /** Serves over TLS with these files; with an authority among them callers must show a certificate. @default plaintext */
  readonly tls?: TlsFiles | undefined;
  /** Full names of streams that go on until somebody ends them; a drain ends them at once. @default none */
  readonly endlessMethods?: readonly string[];
}

const CONCURRENT_CALLS_MAX_DEFAULT = 1024;

export class RpcServer {
  readonly role: string;
  /** As configured; `boundAddress` tells the port that was found. */
  readonly address: string;
  /** What Nest's gRPC transport takes. */
  readonly options: GrpcOptions;
  readonly #services: readonly ServiceName[];
  readonly #health: HealthImplementation;
  readonly #gate: CallGate;
  #server: grpc.Server | undefined;
  #isServing = false;

  constructor(options: RpcServerOptions) {
    const { address, services, messageBytesMax = MESSAGE_BYTES_MAX_DEFAULT } = options;
    assert(services.length > 0, `the server at ${address} has at least one service`);
    this.role = options.role ?? 'main';
    this.address = address;
    this.#services = services;
    // The port is bound before the services are added: until `setServing` nobody may be sent here.
    this.#health = new HealthImplementation(
      Object.fromEntries(['', ...services].map((name) => [name, 'NOT_SERVING'] as const)),
    );
    this.#gate = new CallGate({
      concurrentCallsMax: options.concurrentCallsMax ?? CONCURRENT_CALLS_MAX_DEFAULT,
      endlessMethods: options.endlessMethods ?? [],
    });
    this.options = {
      transport: Transport.GRPC,
      options: {
        url: address,
        package: [...new Set(services.map((name) => name.slice(0, name.lastIndexOf('.'))))],
        packageDefinition: Object.fromEntries(services.map((name) => [name, contract()[name]])),
        maxReceiveMessageLength: messageBytesMax,
        maxSendMessageLength: messageBytesMax,
        gracefulShutdown: true,
        ...(options.tls && { credentials: new TlsServerCredentials(options.tls) }),
        // Nest's type knows channel options only, but hands all of them to `new grpc.Server`.
        channelOptions: { interceptors: [this.#gate.interceptor] } as never,
        onLoadPackageDefinition: (_definition: unknown, server: grpc.Server) => {
          this.#server = server;
          this.#health.addToServer(server);
          addReflection(server, services);
        },
      },
    };
  }

  /** `host:port` where calls are answered. Valid once listening. */
  boundAddress(): string {
    // grpc-js tells the port that it found to the callback of `bindAsync` alone, which Nest keeps to itself.
    const { boundPorts } = this.#grpc() as unknown as { boundPorts: ReadonlyMap<string, unknown> };
    const [target] = boundPorts.keys();
    assert(target !== undefined, 'the server is listening');
    return target.replace(/^[a-z0-9]+:/, '');
  }

  /** What `grpc.health.v1.Health` answers for the server. */
  get isServing(): boolean {
    return this.#isServing;
  }

  /** What `grpc.health.v1.Health` answers, for the server and each of its services. */
  setServing(serving: boolean): void {
    this.#isServing = serving;
    for (const name of ['', ...this.#services]) this.#health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
  }

  /** Refuses new calls with UNAVAILABLE / DRAINING and ends endless streams; calls in flight go on. */
  beginDrain(): void {
    this.setServing(false);
    this.#gate.beginDrain();
  }

  /** Resolves when no call is in flight. */
  idle(): Promise<void> {
    return this.#gate.idle();
  }

  get inFlightCount(): number {
    return this.#gate.inFlightCount;
  }

  /** Cuts every connection. */
  abort(): void {
    this.#server?.forceShutdown();
  }

  #grpc(): grpc.Server {
    assert(this.#server !== undefined, 'the server is listening');
    return this.#server;
  }
}

/** A server to be run by `startRpcApp`. */
export function rpcServer(options: RpcServerOptions): RpcServer {
  return new RpcServer(options);
}
