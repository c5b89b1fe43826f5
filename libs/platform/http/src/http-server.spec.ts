/** @file The HTTP server over real sockets: routes, limits, errors as replies, clients that leave or dawdle, the drain. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import { AppError } from '#core';
import type { HttpRoute } from './http-route.js';
import { HttpServer, type HttpServerOptions } from './http-server.js';

class BusyError extends AppError {
  readonly code = 'BUSY';
  readonly status = 'RESOURCE_EXHAUSTED';

  constructor(retryAfterMs?: number) {
    super('come back', retryAfterMs === undefined ? {} : { retryAfterMs });
  }
}

const post = (path: string, handle: HttpRoute['handle']): HttpRoute => ({ method: 'POST', path, handle });

const ROUTES: readonly HttpRoute[] = [
  { method: 'GET', path: '/health', handle: () => ({ status: 200, body: { status: 'serving' } }) },
  post('/echo', ({ body, query }) => ({ status: 200, body: { body, query: [...query] } })),
  post('/models/{name}/echo', ({ params }) => ({ status: 200, headers: { 'x-name': 'yes' }, body: params })),
  post('/busy', () => {
    throw new BusyError(1500);
  }),
  post('/large', () => {
    throw new BusyError();
  }),
  post('/broken', () => {
    throw new TypeError('a secret');
  }),
];

/** What the servers did not expect. */
const unexpected: unknown[] = [];

async function serve(options: Partial<HttpServerOptions> = {}): Promise<HttpServer> {
  const server = await HttpServer.start({
    address: '127.0.0.1:0',
    routes: ROUTES,
    bodyBytesMax: 1000,
    receiveTimeoutMs: 60_000,
    connectionsMax: 100,
    onUnexpected: (thrown) => unexpected.push(thrown),
    ...options,
  });
  after(() => server.drain(0));
  return server;
}

const server = await serve();

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly error: { readonly code: string; readonly message: string; readonly retry_after_ms?: number };
  };
}

async function send(path: string, init: RequestInit = {}, to = server): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(`http://${to.address}${path}`, { method: 'POST', headers, body: '{}', ...init });
  return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Answer['body'] };
}

async function socketTo(to: HttpServer): Promise<Socket> {
  const [host, port] = to.address.split(':');
  const socket = connect(Number(port), host);
  after(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function textUntilClose(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, 'close');
  return text;
}

describe('routes', () => {
  it('hand on body, query and the segments of the path', async () => {
    const echo = await send('/echo?a=1&b=%20', { body: '{"x":[1,"é"]}' });
    assert.deepEqual(echo.body, {
      body: { x: [1, 'é'] },
      query: [
        ['a', '1'],
        ['b', ' '],
      ],
    });
    const named = await send('/models/a%20b/echo');
    assert.deepEqual([named.body, named.headers.get('x-name')], [{ name: 'a b' }, 'yes']);
  });

  it('that are not there are told with those that are', async () => {
    for (const path of ['/nowhere', '/models//echo', '/models/%E0%A4%A/echo', '/models/a/b/echo']) {
      const { status, body } = await send(path);
      assert.deepEqual([status, body.error.code], [404, 'ROUTE_UNKNOWN']);
      assert.match(body.error.message, /\/models\/\{name\}\/echo/);
    }
    const head = await fetch(`http://${server.address}/health`, { method: 'HEAD' });
    assert.deepEqual([head.status, await head.text()], [200, ''], 'HEAD is GET without a body');
    const got = await send('/echo', { method: 'GET', body: null });
    assert.deepEqual([got.status, got.headers.get('allow'), got.body.error.code], [405, 'POST', 'METHOD_UNSUPPORTED']);
  });
});

describe('a body', () => {
  const refused = async (init: RequestInit): Promise<[number, string]> => {
    const { status, body } = await send('/echo', init);
    return [status, body.error.code];
  };

  it('is JSON, declared as such', async () => {
    assert.deepEqual(await refused({ headers: { 'content-type': 'text/plain' } }), [415, 'CONTENT_TYPE_UNSUPPORTED']);
    const packed = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    assert.deepEqual(await refused({ headers: packed }), [415, 'CONTENT_TYPE_UNSUPPORTED']);
    const withCharset = { 'content-type': 'application/json; charset=utf-8' };
    assert.equal((await send('/echo', { headers: withCharset })).status, 200);
  });

  it('that is none is refused', async () => {
    const bodies = [
      '',
      '{',
      '{"score":NaN}',
      '[1,]',
      '['.repeat(400) + ']'.repeat(400),
      Buffer.from([0x22, 0xff, 0x22]),
    ];
    for (const body of bodies) assert.deepEqual(await refused({ body }), [400, 'BODY_UNREADABLE'], String(body));
  });

  it('that is too large is refused, and the reply is read by a client that is still sending', async () => {
    assert.equal((await send('/echo', { body: `"${'x'.repeat(998)}"` })).status, 200);
    assert.deepEqual(await refused({ body: `"${'x'.repeat(999)}"` }), [413, 'BODY_TOO_LARGE']);
    assert.deepEqual(await refused({ body: `"${'x'.repeat(4_000_000)}"` }), [413, 'BODY_TOO_LARGE']);
  });
});

describe('an error', () => {
  it('with a delay is 429 with Retry-After in whole seconds', async () => {
    const { status, headers, body } = await send('/busy');
    assert.deepEqual([status, headers.get('retry-after'), headers.get('retry-after-ms')], [429, '2', '1500']);
    assert.deepEqual([body.error.code, body.error.retry_after_ms], ['BUSY', 1500]);
  });

  it('of something exhausted for good is 413', async () => {
    const { status, headers } = await send('/large');
    assert.deepEqual([status, headers.get('retry-after')], [413, null]);
  });

  it('that nobody expected is 500 without its message', async () => {
    const { status, body } = await send('/broken');
    assert.deepEqual([status, body.error.code], [500, 'INTERNAL']);
    assert.doesNotMatch(JSON.stringify(body), /secret/);
    assert.match(String(unexpected.pop()), /TypeError: a secret/);
  });
});

describe('clients', () => {
  it('that never end their request are let go', async () => {
    const impatient = await serve({ receiveTimeoutMs: 40 });
    for (const start of ['POST /echo HTTP/1.1\r\nhost: x\r\nx-', headOf(100) + '{']) {
      const socket = await socketTo(impatient);
      socket.write(start);
      assert.match(
        await textUntilClose(socket),
        /^HTTP\/1\.1 408 Request Timeout\r\n[\s\S]*"REQUEST_TIMED_OUT"[\s\S]*within 40 ms/,
      );
    }
  });

  it('beyond the limit of connections are closed', async () => {
    const narrow = await serve({ connectionsMax: 1 });
    const first = await socketTo(narrow);
    assert.equal(await textUntilClose(await socketTo(narrow)), '');
    first.write('GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    assert.match(await textUntilClose(first), /^HTTP\/1\.1 200 /);
  });

  it('that leave abort the work for them', async () => {
    const begun = Promise.withResolvers<AbortSignal>();
    const waiting = post('/wait', ({ signal }) => {
      begun.resolve(signal);
      return new Promise(() => {});
    });
    const patient = await serve({ routes: [waiting] });
    const socket = await socketTo(patient);
    socket.write(headOf(2, '/wait') + '{}');
    const signal = await begun.promise;
    socket.destroy();
    if (!signal.aborted) await once(signal, 'abort');
    assert.equal(signal.aborted, true);
  });

  it('that send what is no HTTP are answered and let go', async () => {
    for (const [bytes, reason] of [
      ['\x16\x03\x01 nonsense\r\n\r\n', /TLS, and this port speaks none/],
      ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /something else: HTTP\/2/],
      ['hello\r\n\r\n', /something else: \w+/],
    ] as const) {
      const socket = await socketTo(server);
      socket.write(bytes);
      const reply = await textUntilClose(socket);
      assert.match(reply, /^HTTP\/1\.1 400 Bad Request\r\n[\s\S]*"REQUEST_UNREADABLE"/);
      assert.match(reply, reason);
    }
  });

  it('that send headers without end are answered and let go', async () => {
    const socket = await socketTo(server);
    socket.write(`GET /health HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(100_000)}`);
    assert.match(await textUntilClose(socket), /^HTTP\/1\.1 431 [\s\S]*"HEADERS_TOO_LARGE"/);
  });
});

describe('a drain', () => {
  it('lets requests in flight end, and refuses new ones', async () => {
    const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = post('/slow', async () => {
      begun.resolve();
      await gate.promise;
      return { status: 200, body: 'done' };
    });
    const ending = await serve({ routes: [slow, ...ROUTES] });
    const busy = await socketTo(ending);
    busy.write(headOf(2, '/slow') + '{}');
    await begun.promise;
    const drained = ending.drain(60_000);
    const late = await socketTo(ending);
    late.write(headOf(2) + '{}');
    const refused = await textUntilClose(late);
    assert.match(refused, /^HTTP\/1\.1 503 /);
    assert.match(refused, /retry-after: 1\r\n[\s\S]*DRAINING/);
    gate.resolve();
    assert.match(await textUntilClose(busy), /^HTTP\/1\.1 200 [\s\S]*connection: close[\s\S]*"done"$/);
    assert.equal(await drained, 0);
  });

  it('that runs out of time aborts and cuts', async () => {
    const begun = Promise.withResolvers<AbortSignal>();
    const endless = post('/endless', ({ signal }) => {
      begun.resolve(signal);
      return new Promise(() => {});
    });
    const cut = await serve({ routes: [endless] });
    const socket = await socketTo(cut);
    socket.write(headOf(2, '/endless') + '{}');
    const signal = await begun.promise;
    assert.equal(await cut.drain(0), 1);
    assert.equal(signal.aborted, true);
  });
});

it('a port that is taken is told by name', async () => {
  await assert.rejects(serve({ address: server.address }), { code: 'ADDRESS_IN_USE' });
  await assert.rejects(serve({ address: '192.0.2.1:0' }), { code: 'ADDRESS_UNUSABLE' });
});

function headOf(length: number, path = '/echo'): string {
  return `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
}
