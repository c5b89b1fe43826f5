/** @file For tests: the façades on a port of their own, and how a client posts to them. */
import { after } from 'node:test';
import { HttpServer } from '#platform/http';
import { FacadeAnnotator, type FacadeServices } from '../facade-annotator.js';
import { facadeRoutes } from '../facade-routes.js';

export interface FacadeReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export type Post = (path: string, body: unknown, headers?: Readonly<Record<string, string>>) => Promise<FacadeReply>;

/** Serves until the tests are over. */
export async function facadeClient(services: FacadeServices): Promise<Post> {
  const server = await HttpServer.start({
    address: '127.0.0.1:0',
    routes: facadeRoutes(new FacadeAnnotator(services)),
    bodyBytesMax: 1_000_000,
    receiveTimeoutMs: 60_000,
    connectionsMax: 100,
    onUnexpected: (thrown) => {
      throw thrown;
    },
  });
  after(() => server.drain(0));
  return async (path, body, headers = {}) => {
    const reply = await fetch(`http://${server.address}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: reply.status, headers: reply.headers, body: await reply.json() };
  };
}

/** The code and the items of a reply that is an error. */
export function errorOf({ status, body }: FacadeReply): [number, string, ...(readonly [number, string])[]] {
  const { error } = body as { error: { code: string; items?: readonly { index: number; code: string }[] } };
  return [status, error.code, ...(error.items ?? []).map(({ index, code }) => [index, code] as const)];
}
