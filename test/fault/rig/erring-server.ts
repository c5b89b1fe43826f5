/** @file A service that is up and answers every call with an error: what a broken replica behind a healthy port does. */
import { once } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';

/** What the server itself says, and what a gateway says in its place. */
const ANSWERS = {
  unavailable: { ':status': 200, 'content-type': 'application/grpc+proto', 'grpc-status': '14' },
  'bad-gateway': { ':status': 502, 'content-type': 'text/plain' },
  'gateway-full': { ':status': 503, 'content-type': 'text/plain' },
} as const;
export type ErringAnswer = keyof typeof ANSWERS;
export const ERRING_ANSWERS = Object.keys(ANSWERS) as readonly ErringAnswer[];

export class ErringServer {
  answer: ErringAnswer = 'unavailable';
  private readonly sessions = new Set<ServerHttp2Session>();

  private constructor(private readonly server: Http2Server) {
    server.on('session', (session) => {
      this.sessions.add(session);
      session.on('error', () => {});
      session.on('close', () => this.sessions.delete(session));
    });
    server.on('stream', (stream) => {
      stream.on('error', () => {});
      stream.respond(ANSWERS[this.answer], { endStream: true });
    });
  }

  static async listen(): Promise<ErringServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ErringServer(server);
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const session of this.sessions) session.destroy();
    this.server.close();
  }
}
