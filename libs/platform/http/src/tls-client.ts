/**
 * @file HTTP requests over TLS with certificate files of one's own. Node's `fetch` knows only the system's authorities, and
 * has no place for a certificate to show.
 *
 * Connections are kept and used again. When the files change, new ones are made with what is in the files then; requests
 * under way go on.
 */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { Readable } from 'node:stream';
import type { ClientTls } from '#platform/rpc';

/** What `fetch` takes, as far as it is served here; redirects are answers like any other. */
export interface TlsRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** How long a connection may stay idle, in milliseconds: less than servers keep theirs (uvicorn: 5 s). */
const IDLE_MS = 4000;
/** Statuses whose replies have no body, for which `Response` takes none. */
const BODILESS = new Set([204, 205, 304]);

export class TlsHttpClient {
  private agent: Agent;

  constructor(private readonly tls: ClientTls) {
    this.agent = this.newAgent();
    tls.files.onExchange(() => {
      retire(this.agent);
      this.agent = this.newAgent();
    });
  }

  /** As `fetch` with `redirect: 'manual'`. @throws the socket's error; one named AbortError when the signal aborts */
  async fetch(url: string, { method, headers, body, signal }: TlsRequest): Promise<Response> {
    const sent = { ...headers, 'accept-encoding': 'identity' };
    const asking = request(url, { method, headers: sent, agent: this.agent, signal });
    asking.on('error', () => {}); // what breaks after the head is the reader's to hear of, through the body
    asking.end(body);
    const [reply] = (await once(asking, 'response')) as [IncomingMessage];
    return responseOf(reply);
  }

  /** Ends the connections, and no longer looks at the files. Requests under way fail. */
  close(): void {
    this.agent.destroy();
    this.tls.files.close();
  }

  private newAgent(): Agent {
    const { files, serverName } = this.tls;
    return new Agent({
      ...files.secureContext(),
      ...(serverName !== undefined && { servername: serverName }),
      keepAlive: true,
      timeout: IDLE_MS,
    });
  }
}

/** Ends idle connections now, and each of the others after its reply. */
function retire(agent: Agent): void {
  agent.maxFreeSockets = 0;
  for (const socket of Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? [])) socket.destroy();
}

function responseOf(reply: IncomingMessage): Response {
  const { statusCode: status = 0, headersDistinct } = reply;
  const headers = new Headers();
  for (const [name, values] of Object.entries(headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  if (!BODILESS.has(status)) return new Response(Readable.toWeb(reply) as ReadableStream, { status, headers });
  reply.resume();
  return new Response(null, { status, headers });
}
