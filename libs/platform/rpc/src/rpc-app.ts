/** @file A Nest application served on one or more gRPC ports, and its orderly end. */
import type { INestMicroservice, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { present, systemClock } from '#core';
import { RpcExceptionFilter } from './exception-filter.js';
import { rpcServer, type RpcServer, type RpcServerOptions } from './server.js';
import { RpcTransport } from './transport.js';

/** A module class or dynamic module, as Nest takes it. */
export type AppModuleInput = Parameters<typeof NestFactory.createMicroservice>[0];

export interface RpcAppOptions {
  readonly module: AppModuleInput;
  /** One entry per port. */
  readonly servers: readonly RpcServerOptions[];
  /** Where Nest logs; false keeps it silent. @default false */
  readonly logger?: LoggerService | false;
}

/** How a drain went. */
export type DrainOutcome = { readonly kind: 'drained' } | { readonly kind: 'cut'; readonly callCount: number };

/** A running application. */
export interface RpcApp {
  /** The Nest application, for `get`. */
  readonly nest: INestMicroservice;
  /** `host:port` of a server. @throws InvariantError for a role that was not given. */
  address(role?: string): string;
  /** True while every port says so of itself (`grpc.health.v1.Health`). */
  isServing(): boolean;
  /**
   * Refuses new calls, waits for those in flight, cuts what is left after the timeout, then runs Nest's hooks.
   *
   * @param onClosed called when the ports are closed; the hooks run when it is done.
   */
  drain(timeoutMs: number, onClosed?: () => void | Promise<void>): Promise<DrainOutcome>;
  /** `drain` without patience: cuts at once. For tests. */
  close(): Promise<void>;
}

/** The last answers get this long to leave, in milliseconds, even when the calls took all of the time. */
const FLUSH_MS_MIN = 500;

/** Creates the application and serves it; health turns SERVING when every port is open. */
export async function startRpcApp({ module, servers, logger = false }: RpcAppOptions): Promise<RpcApp> {
  const ports = servers.map(rpcServer);
  const transport = new RpcTransport(ports);
  const nest = await NestFactory.createMicroservice(module, {
    strategy: transport,
    logger,
    abortOnError: false,
  });
  nest.useGlobalFilters(new RpcExceptionFilter());
  await nest.listen();
  for (const port of ports) port.setServing(true);
  return {
    nest,
    address: (role = 'main') => portOf(ports, role).boundAddress(),
    isServing: () => ports.every((port) => port.isServing),
    drain: (timeoutMs, onClosed) => drain({ nest, transport, ports }, timeoutMs, onClosed),
    close: async () => {
      await drain({ nest, transport, ports }, 0);
    },
  };
}

function portOf(ports: readonly RpcServer[], role: string): RpcServer {
  return present(
    ports.find((port) => port.role === role),
    `the server ${role}`,
  );
}

interface Running {
  readonly nest: INestMicroservice;
  readonly transport: RpcTransport;
  readonly ports: readonly RpcServer[];
}

async function drain(
  { nest, transport, ports }: Running,
  timeoutMs: number,
  onClosed: () => void | Promise<void> = () => {},
): Promise<DrainOutcome> {
  const startMs = systemClock.monotonicMs();
  for (const port of ports) port.beginDrain();
  await within(timeoutMs, Promise.all(ports.map((port) => port.idle())));
  const callCount = ports.reduce((sum, port) => sum + port.inFlightCount, 0);
  // A graceful close lets the last answers out, and ends connections that carry no call.
  const restMs = Math.max(FLUSH_MS_MIN, timeoutMs - (systemClock.monotonicMs() - startMs));
  const closing = transport.close();
  if (callCount > 0 || !(await within(restMs, closing))) for (const port of ports) port.abort();
  await closing;
  await onClosed();
  await nest.close();
  return callCount === 0 ? { kind: 'drained' } : { kind: 'cut', callCount };
}

/** True when `work` ends within the time. */
async function within(timeMs: number, work: Promise<unknown>): Promise<boolean> {
  const patience = new AbortController();
  const outOfTime = systemClock.sleep(timeMs, patience.signal).then(
    () => false,
    () => false,
  );
  const inTime = await Promise.race([work.then(() => true), outOfTime]);
  patience.abort();
  return inTime;
}
