/** @file The port of a service for clients that speak no gRPC, with what all ports of a service share. */
import { messageOf } from '#core';
import { HttpServer, type HttpServerOptions } from '#platform/http';
import type { RpcServerOptions } from '#platform/rpc';
import type { JsonLog } from './json-log.js';

/** The port as an app describes it. */
export type HttpPort = Pick<HttpServerOptions, 'address' | 'routes' | 'receiveTimeoutMs' | 'connectionsMax'>;

/** Opens it with the certificates and the limit of messages of the main port. */
export async function openHttpPort(
  port: HttpPort,
  main: Pick<RpcServerOptions, 'tls'> & { readonly messageBytesMax: number },
  log: JsonLog,
): Promise<HttpServer> {
  return await HttpServer.start({
    ...port,
    bodyBytesMax: main.messageBytesMax,
    tls: main.tls,
    onUnexpected: (thrown) => log.error(thrown instanceof Error ? thrown : messageOf(thrown), 'http'),
  });
}
