/** @file For tests: an HTTP server over a real socket whose every answer the test writes, and which keeps what it was asked. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON; undefined where there was no body. */
  readonly body: unknown;
}

/** Written out, or by hand. */
export type Answer =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Sent as JSON. */
      readonly json?: unknown;
      readonly text?: string;
    }
  | ((response: ServerResponse) => void);

/** What to answer to a request; `number` counts from 1. */
export type Script = (asked: Asked, number: number) => Answer | Promise<Answer>;

export interface ScriptedServer {
  /** Without a slash at its end. */
  readonly url: string;
  readonly port: number;
  readonly asked: Asked[];
  /** May be exchanged while it runs. */
  script: Script;
  /** Ends connections and no longer listens. */
  close(): Promise<void>;
}

/** Listens on a free port, or on one that was free a moment ago; closed after the tests. */
export async function scriptedServer(script: Script, port = 0): Promise<ScriptedServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const { method = '', url = '', headers } = request;
      const one = { method, path: url, headers, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
      asked.push(one);
      void Promise.resolve(scripted.script(one, asked.length)).then((answer) => write(answer, response));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: actual } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  const scripted: ScriptedServer = { url: `http://127.0.0.1:${actual}`, port: actual, asked, script, close };
  after(close);
  return scripted;
}

function write(answer: Answer, response: ServerResponse): void {
  if (typeof answer === 'function') {
    answer(response);
    return;
  }
  const { status = 200, headers = {}, json, text } = answer;
  const type = json === undefined ? {} : { 'content-type': 'application/json' };
  response.writeHead(status, { ...type, ...headers });
  response.end(json === undefined ? (text ?? '') : JSON.stringify(json));
}
