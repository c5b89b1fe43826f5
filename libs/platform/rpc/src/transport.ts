/**
 * @file Several gRPC servers as one Nest transport, over one set of controllers.
 *
 * An app serves its main and its admin services on ports of their own. Nest's hybrid applications need an HTTP adapter,
 * and two microservices would be two containers with two engines; one transport over several servers has neither cost,
 * and closes all of them before Nest's shutdown hooks run.
 */
import { ServerGrpc, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { assert, messageOf } from '#core';
import { AddressInUseError, AddressUnusableError } from './rpc.errors.js';
import type { RpcServer } from './server.js';

type Port = { readonly server: RpcServer; readonly nest: ServerGrpc };

/** A `ServerGrpc` to Nest, which gives gRPC handlers their three arguments by `instanceof`; it serves through others. */
export class RpcTransport extends ServerGrpc implements CustomTransportStrategy {
  readonly #ports: readonly Port[];

  constructor(servers: readonly RpcServer[]) {
    const [first] = servers;
    assert(first !== undefined, 'an app has at least one server');
    super(first.options.options);
    this.#ports = servers.map((server) => ({ server, nest: new ServerGrpc(server.options.options) }));
  }

  override addHandler(pattern: unknown, callback: MessageHandler, isEventHandler = false): void {
    for (const { nest } of this.#ports) nest.addHandler(pattern, callback, isEventHandler);
  }

  override async listen(callback: (error?: unknown) => void): Promise<void> {
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

  override async close(): Promise<void> {
    await Promise.all(this.#ports.map(({ nest }) => nest.close()));
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
