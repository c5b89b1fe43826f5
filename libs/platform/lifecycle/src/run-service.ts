/**
 * @file The life of a service process; every app's `main.ts` is one call of `runService`.
 *
 * 1. telemetry hooks (the import below), 2. configuration, 3. telemetry and application, 4. signals, 5. ports and
 * health, 6. the ready line. SIGTERM and SIGINT alike: health NOT_SERVING → drain → Nest's hooks (models, files) →
 * telemetry → exit 0. Exit 2 for a wrong configuration, 1 for whatever else prevents or breaks the service, and for a
 * second signal, which cuts the drain short.
 */
import 'reflect-metadata';
import { startTelemetry, type ProcessHealth, type Telemetry } from '#platform/telemetry';
import { AppError, messageOf } from '#core';
import { EnvironmentInvalidError, serverTls, type ServerTlsPaths, type ServiceConfig } from '#platform/config';
import type { HttpServer } from '#platform/http';
import { startRpcApp, TlsFiles, type AppModuleInput, type RpcApp, type RpcServerOptions } from '#platform/rpc';
import { openHttpPort, type HttpPort } from './http-port.js';
import { JsonLog } from './json-log.js';
import { Lifecycle, type LifecycleState } from './lifecycle-state.js';

/** A port as an app describes it; limits come from the configuration where they are not given. */
export type ServicePort = Omit<RpcServerOptions, 'role' | 'address' | 'tls'> &
  Partial<Pick<RpcServerOptions, 'role' | 'address'>> & {
    /** Files to serve with. @default those of the main port */
    readonly tls?: ServerTlsPaths | undefined;
  };

export interface ServiceDefinition<C extends ServiceConfig> {
  /** Name in the ready line, the log and traces, for instance `policy`. */
  readonly name: string;
  /** Reads the configuration, usually `() => loadConfig(VARIABLES)`. */
  readonly config: () => C;
  /**
   * The application's root module. May load what takes long: the ports open afterwards. `address` tells where the main
   * port listens; it is empty before that.
   */
  readonly module: (config: C, address: () => string) => AppModuleInput | Promise<AppModuleInput>;
  /** The ports. The first is the main one; others name their role and address. */
  readonly servers: (config: C) => readonly ServicePort[];
  /** A port for clients that speak no gRPC; it opens last and drains with the others. @default none */
  readonly http?: (config: C, app: RpcApp) => HttpPort | undefined;
  /** What the ready line says beyond ports. @default nothing */
  readonly facts?: (config: C) => Readonly<Record<string, string>>;
}

/** What runs between start and end. */
interface Started {
  readonly app: RpcApp;
  http: HttpServer | undefined;
  readonly telemetry: Telemetry;
  readonly drainTimeoutMs: number;
}

const EXIT_OK = 0;
const EXIT_FAILED = 1;
const EXIT_CONFIG = 2;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Runs a service until a signal ends it; then the process exits. Resolves once the service is ready. */
export async function runService<C extends ServiceConfig>(definition: ServiceDefinition<C>): Promise<void> {
  const log = new JsonLog(definition.name);
  const lifecycle = new Lifecycle((state) => log.log(state, 'lifecycle'));
  let started: Started | undefined;

  const onSignal = (signal: NodeJS.Signals): void => {
    log.log(`got ${signal}`, 'lifecycle');
    if (lifecycle.state !== 'serving' || !started) {
      // Before serving nothing is in flight; after the first signal the second means: now.
      process.exit(lifecycle.state === 'starting' ? EXIT_OK : EXIT_FAILED);
    }
    stop({ ...started, lifecycle, log }).then(
      () => process.exit(EXIT_OK),
      (thrown: unknown) => fail(thrown, lifecycle, log),
    );
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);

  try {
    const config = definition.config();
    const health = (): ProcessHealth => healthOf(lifecycle.state, started?.app);
    const metricsAddress = metricsAddressOf(config);
    const telemetry = await startTelemetry({ service: definition.name, metricsAddress, health });
    const servers = serversOf(definition, config);
    const module = await definition.module(config, () => started?.app.address() ?? '');
    const app = await startRpcApp({ module, servers, logger: log });
    started = { app, http: undefined, telemetry, drainTimeoutMs: config.drainTimeoutMs };
    const port = definition.http?.(config, app);
    if (port) started.http = await openHttpPort(port, { ...config, tls: servers[0]?.tls }, log);
    lifecycle.moveTo('serving');
    const ready = { ...readyLine(definition.name, servers, started), ...definition.facts?.(config) };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
  } catch (thrown) {
    fail(thrown, lifecycle, log);
  }
}

/** The ports, with certificates that are read before anything that takes long. */
function serversOf<C extends ServiceConfig>(definition: ServiceDefinition<C>, config: C): RpcServerOptions[] {
  const main = serverTls(definition.name.toUpperCase().replaceAll('-', '_'), config);
  return definition.servers(config).map(({ tls = main, ...port }) => ({
    address: config.address,
    messageBytesMax: config.messageBytesMax,
    ...port,
    ...(tls && { tls: TlsFiles.open(tls) }),
  }));
}

/** Prometheus listens on the host of the main port. */
function metricsAddressOf({ address, metricsPort }: ServiceConfig): string | undefined {
  return metricsPort === undefined ? undefined : `${address.slice(0, address.lastIndexOf(':'))}:${metricsPort}`;
}

/** What probes are told: ready is what every port says of itself, alive is whatever has not failed. */
function healthOf(state: LifecycleState, app: RpcApp | undefined): ProcessHealth {
  return { state, isReady: state === 'serving' && (app?.isServing() ?? false), isAlive: state !== 'failed' };
}

/** What others wait for and read the ports from. */
function readyLine(
  service: string,
  servers: readonly { readonly role?: string }[],
  { app, http, telemetry: { metricsAddress } }: Started,
): Record<string, string> {
  const addresses = servers.map(({ role = 'main' }) => [
    role === 'main' ? 'address' : `${role}_address`,
    app.address(role),
  ]);
  return {
    event: 'ready',
    service,
    ...Object.fromEntries(addresses),
    ...(http && { http_address: http.address }),
    ...(metricsAddress !== undefined && { metrics_address: metricsAddress }),
  };
}

async function stop(running: Started & { readonly lifecycle: Lifecycle; readonly log: JsonLog }): Promise<void> {
  const { app, http, telemetry, drainTimeoutMs, lifecycle, log } = running;
  lifecycle.moveTo('draining');
  const httpDrained = http?.drain(drainTimeoutMs);
  const outcome = await app.drain(drainTimeoutMs, async () => {
    const cutCount = await httpDrained;
    if (cutCount) log.warn(`cut ${cutCount} HTTP requests after ${drainTimeoutMs} ms`, 'lifecycle');
    lifecycle.moveTo('disposing');
  });
  if (outcome.kind === 'cut') log.warn(`cut ${outcome.callCount} calls after ${drainTimeoutMs} ms`, 'lifecycle');
  await telemetry.shutdown();
  lifecycle.moveTo('ended');
}

/** Says what went wrong and ends the process. */
function fail(thrown: unknown, lifecycle: Lifecycle, log: JsonLog): never {
  if (thrown instanceof EnvironmentInvalidError) {
    process.stderr.write(`${thrown.message}\n`);
    process.exit(EXIT_CONFIG);
  }
  if (thrown instanceof AppError) process.stderr.write(`${thrown.code}: ${thrown.message}\n`);
  else log.error(thrown instanceof Error ? thrown : messageOf(thrown), 'lifecycle');
  lifecycle.moveTo('failed');
  process.exit(EXIT_FAILED);
}
