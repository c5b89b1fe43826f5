/**
 * @file Several gRPC servers as one Nest transport, over one set of controllers.
 *
 * An app serves its main and its admin services on ports of their own. Nest's hybrid applications need an HTTP adapter,
 * and two microservices would be two containers with two engines; one transport over several servers has neither cost,
 * and closes all of them before Nest's shutdown hooks run.
 */
import {
  Server,
  ServerGrpc,
  Transport,
  type CustomTransportStrategy,
  type MessageHandler,
} from '@nestjs/microservices';
import { messageOf } from '#core';
import { AddressInUseError, AddressUnusableError } from './rpc.errors.js';
import type { RpcServer } from './server.js';

type Port = { readonly server: RpcServer; readonly nest: ServerGrpc };

export class RpcTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = Transport.GRPC;
  readonly #ports: readonly Port[];

  constructor(servers: readonly RpcServer[]) {
    super();
    this.#ports = servers.map((server) => ({ server, nest: new ServerGrpc(server.options.options) }));
  }

  override addHandler(pattern: unknown, callback: MessageHandler, isEventHandler = false): void {
    for (const { nest } of this.#ports) nest.addHandler(pattern, callback, isEventHandler);
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      await this.#listenAll();
    } catch (thrown) {
      callback(thrown);
      return;
    }
    callback();
  }

  async #listenAll(): Promise<void> {
    try {
      for (const { server, nest } of this.#ports) await listening(server, nest);
    } catch (thrown) {
      for (const { server } of this.#ports) server.abort();
      throw thrown;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#ports.map(({ nest }) => nest.close()));
  }

  override on(): never {
    throw new TypeError('the gRPC transport has no events');
  }

  override unwrap(): never {
    throw new TypeError('the gRPC transport has several servers');
  }
}

async function listening(server: RpcServer, nest: ServerGrpc): Promise<void> {
  const failure = await new Promise<unknown>((resolve, reject) => {
    nest.listen((error?: unknown) => resolve(error)).catch(reject);
  });
  if (failure === undefined) return;
  const reason = messageOf(failure);
  if (/EADDRINUSE/.test(reason)) throw new AddressInUseError(server.address);
  throw new AddressUnusableError(server.address, reason);
}
