/** @file The port of the HTTP façades, where the configuration has one. */
import type { HttpPort } from '#platform/lifecycle';
import type { RpcApp } from '#platform/rpc';
import { FacadeAnnotator } from './facade-annotator.js';
import { facadeRoutes } from './facade-routes.js';
import type { FacadeConfig } from './facade-variables.js';

export function httpPort(config: FacadeConfig, { nest }: Pick<RpcApp, 'nest'>): HttpPort | undefined {
  const { httpAddress, httpReceiveTimeoutMs, httpConnectionsMax } = config;
  if (httpAddress === undefined) return undefined;
  return {
    address: httpAddress,
    routes: facadeRoutes(nest.get(FacadeAnnotator)),
    receiveTimeoutMs: httpReceiveTimeoutMs,
    connectionsMax: httpConnectionsMax,
  };
}
