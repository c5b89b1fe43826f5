/**
 * @file An HTTP server for JSON: routes, limits, errors as replies, and an orderly end. For clients that speak no gRPC.
 *
 * A request is bounded in size and in the time that it takes to arrive, so that a slow or endless sender holds a connection
 * at most that long. A client that leaves aborts the work for it.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { AppError, messageOf, systemClock } from '#core';
import { AddressInUseError, AddressUnusableError, DrainingError, type TlsFiles } from '#platform/rpc';
import { withTraceparent } from '#platform/telemetry';
import { errorReply, type HttpReply } from './http-reply.js';
import { matchRoute, type HttpRequest, type HttpRoute } from './http-route.js';
import { readJsonBody } from './read-body.js';
import { unreadReply } from './unread-request.js';

export interface HttpServerOptions {
  /** `host:port`; port 0 lets the system choose. */
  readonly address: string;
  readonly routes: readonly HttpRoute[];
  /** Largest body of a request, in bytes. */
  readonly bodyBytesMax: number;
  /** Longest time for a request to arrive, headers and body, in milliseconds. */
  readonly receiveTimeoutMs: number;
  /** Most connections; more are closed at once. */
  readonly connectionsMax: number;
  /** Serves over TLS with these files; with an authority among them clients must show a certificate. @default plaintext */
  readonly tls?: TlsFiles | undefined;
  /** Hears of what was thrown and is no `AppError`; its client gets a general message. */
  readonly onUnexpected: (thrown: unknown) => void;
}

/**
 * How long a connection may stay idle, in milliseconds. Longer than clients keep theirs (aiohttp: 15 s), or a request meets
 * a connection that is being closed.
 */
const KEEP_ALIVE_MS = 75_000;
/** How often connections are looked at for a request that takes too long to arrive, in milliseconds. */
const CHECK_MS_MAX = 1000;

export class HttpServer {
  readonly #server: Server;
  readonly #inFlight = new Map<ServerResponse, AbortController>();
  #idleWaiters: (() => void)[] = [];
  #draining = false;

  private constructor(private readonly options: HttpServerOptions) {
    const { receiveTimeoutMs, connectionsMax } = options;
    this.#server = listener(options.tls, {
      requestTimeout: receiveTimeoutMs,
      headersTimeout: receiveTimeoutMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: Math.max(1, Math.min(CHECK_MS_MAX, Math.floor(receiveTimeoutMs / 2))),
    });
    this.#server.maxConnections = connectionsMax;
    this.#server.on('request', (request, response) => void this.#answer(request, response));
    this.#server.on('clientError', (complaint: Error, socket: Socket) => this.#refuse(complaint, socket));
  }

  /** Listens. @throws AddressInUseError, AddressUnusableError */
  static async start(options: HttpServerOptions): Promise<HttpServer> {
    const server = new HttpServer(options);
    await server.#listen();
    return server;
  }

  /** `host:port` where requests are answered. */
  get address(): string {
    const bound = this.#server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    return `${hostOf(this.options.address)}:${port}`;
  }

  /**
   * Refuses new requests with 503, waits for those in flight, and aborts and cuts what is left after the timeout.
   *
   * @returns how many requests were cut
   */
  async drain(timeoutMs: number): Promise<number> {
    this.#draining = true;
    this.#server.closeIdleConnections();
    const patience = new AbortController();
    const outOfTime = systemClock.sleep(timeoutMs, patience.signal).catch(() => {});
    await Promise.race([this.#idle(), outOfTime]);
    patience.abort();
    const cutCount = this.#inFlight.size;
    for (const controller of this.#inFlight.values()) controller.abort();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
    return cutCount;
  }

  async #listen(): Promise<void> {
    const { address } = this.options;
    const port = Number(address.slice(address.lastIndexOf(':') + 1));
    this.#server.listen(port, hostOf(address).replace(/^\[|\]$/g, ''));
    try {
      await once(this.#server, 'listening');
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new AddressInUseError(address);
      throw new AddressUnusableError(address, messageOf(thrown));
    }
  }

  async #idle(): Promise<void> {
    if (this.#inFlight.size > 0) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const left = new AbortController();
    this.#inFlight.set(response, left);
    response.once('close', () => {
      if (!response.writableFinished) left.abort();
      this.#leave(response);
    });
    try {
      this.#send(response, await this.#handled(incoming, left.signal));
    } catch (thrown) {
      // A client that is gone hears no reason, and its own breaking off is no failure of ours.
      if (left.signal.aborted || (response.socket?.destroyed ?? true)) response.destroy();
      else this.#send(response, this.#failure(thrown));
    }
  }

  async #handled(incoming: IncomingMessage, signal: AbortSignal): Promise<HttpReply> {
    const { method = '', url = '' } = incoming;
    const { pathname, searchParams } = urlOf(url);
    // Node sends no body in reply to HEAD.
    const { route, params } = matchRoute(this.options.routes, method === 'HEAD' ? 'GET' : method, pathname);
    const body = route.method === 'POST' ? await readJsonBody(incoming, this.options.bodyBytesMax) : undefined;
    if (this.#draining && route.duringDrain !== true) throw new DrainingError();
    const headers = headersOf(incoming);
    const request: HttpRequest = { params, query: searchParams, headers, body, signal };
    return await withTraceparent(headers['traceparent'], async () => route.handle(request));
  }

  #send(response: ServerResponse, { status, headers = {}, body }: HttpReply): void {
    const bytes = Buffer.from(JSON.stringify(body));
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': bytes.length,
      ...(this.#draining && { connection: 'close' }),
      ...headers,
    });
    response.end(bytes);
  }

  /** Answers what is no request, unless an answer is on its way to the same client. */
  #refuse(complaint: Error, socket: Socket): void {
    const isAnswering = [...this.#inFlight.keys()].some((one) => one.socket === socket && one.headersSent);
    const reply = unreadReply(complaint, this.options.receiveTimeoutMs);
    if (socket.writable && !isAnswering && reply !== undefined) socket.write(reply);
    socket.destroySoon();
  }

  #failure(thrown: unknown): HttpReply {
    if (!(thrown instanceof AppError)) this.options.onUnexpected(thrown);
    return errorReply(thrown);
  }

  #leave(response: ServerResponse): void {
    this.#inFlight.delete(response);
    if (this.#inFlight.size > 0) return;
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const resolve of waiters) resolve();
  }
}

function listener(tls: TlsFiles | undefined, limits: ServerOptions & { readonly requestTimeout: number }): Server {
  if (!tls) return createServer(limits);
  const isMutual = tls.paths.caPath !== undefined;
  const server = createTlsServer({
    ...limits,
    ...tls.secureContext(),
    requestCert: isMutual,
    rejectUnauthorized: isMutual,
    handshakeTimeout: limits.requestTimeout,
  });
  tls.onExchange(() => server.setSecureContext(tls.secureContext()));
  return server;
}

const hostOf = (address: string): string => address.slice(0, address.lastIndexOf(':'));

/** Any text that a client sent as its URL. */
function urlOf(url: string): URL {
  return URL.parse(url.startsWith('/') ? `http://server${url}` : url) ?? new URL('http://server/');
}

function headersOf({ headersDistinct }: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headersDistinct).map(([name, values]) => [name, values?.[0]]));
}
