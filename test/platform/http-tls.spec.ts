/** @file HTTP over TLS, on both sides: who is let in, whom a client trusts, and what happens when the files are exchanged. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:https';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { after, describe, it } from 'node:test';
import { deepEqual, equal, notEqual, rejects } from 'node:assert/strict';
import { HttpServer, TlsHttpClient } from '#platform/http';
import { TlsFiles } from '#platform/rpc';
import { Authority, skipWithoutOpenssl, type Pair } from '../support/certificates.js';

const skip = skipWithoutOpenssl();
const ends: (() => unknown)[] = [];
after(async () => {
  for (const end of ends.reverse()) await end();
});

function authority(): Authority {
  const made = new Authority();
  ends.push(() => made.remove());
  return made;
}

/** Files that are exchanged in place. */
function exchangeable(first: Pair) {
  const folder = mkdtempSync(join(tmpdir(), 'metaapo-http-tls-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const paths = { certPath: join(folder, 'tls.crt'), keyPath: join(folder, 'tls.key') };
  const put = ({ certPath, keyPath }: Pair): void => {
    copyFileSync(certPath, paths.certPath);
    copyFileSync(keyPath, paths.keyPath);
  };
  put(first);
  return { paths, put };
}

async function serving(paths: Parameters<typeof TlsFiles.open>[0]): Promise<{ address: string; files: TlsFiles }> {
  // Looked at when the test says so: the interval is beyond any test.
  const files = TlsFiles.open(paths, { intervalMs: 2 ** 30, onNews: () => {} });
  ends.push(() => files.close());
  const server = await HttpServer.start({
    address: '127.0.0.1:0',
    routes: [{ method: 'GET', path: '/health', handle: () => ({ status: 200, body: 'serving' }) }],
    bodyBytesMax: 1000,
    receiveTimeoutMs: 60_000,
    connectionsMax: 100,
    tls: files,
    onUnexpected: () => {},
  });
  ends.push(() => server.drain(0));
  return { address: server.address, files };
}

/** The status, and the fingerprint of the server's certificate. */
async function ask(address: string, ca: Authority, own?: Pair): Promise<[number | undefined, string]> {
  const asking = request(`https://${address}/health`, {
    agent: false,
    ca: readFileSync(ca.certPath),
    ...(own && { cert: readFileSync(own.certPath), key: readFileSync(own.keyPath) }),
  });
  asking.end();
  const [reply] = (await once(asking, 'response')) as [IncomingMessage];
  const { fingerprint256 } = (reply.socket as TLSSocket).getPeerCertificate();
  reply.resume();
  await once(reply, 'end');
  return [reply.statusCode, fingerprint256];
}

describe('an HTTP port with a certificate', { skip }, () => {
  it('answers who trusts its authority, and nobody in plaintext', async () => {
    const [ours, theirs] = [authority(), authority()];
    const { address } = await serving(ours.issue());
    equal((await ask(address, ours))[0], 200);
    await rejects(ask(address, theirs));
    await rejects(fetch(`http://${address}/health`));
  });

  it('with an authority of clients answers those with a certificate of it, and no others', async () => {
    const [ours, theirs] = [authority(), authority()];
    const { address } = await serving({ ...ours.issue(), caPath: ours.certPath });
    equal((await ask(address, ours, ours.issue()))[0], 200);
    await rejects(ask(address, ours, theirs.issue()));
    await rejects(ask(address, ours));
  });

  it('shows new connections the certificate that lies there now', async () => {
    const ca = authority();
    const { paths, put } = exchangeable(ca.issue());
    const { address, files } = await serving(paths);
    const [, before] = await ask(address, ca);
    put(ca.issue());
    deepEqual(await ask(address, ca), [200, before]);
    files.refresh();
    const [status, now] = await ask(address, ca);
    equal(status, 200);
    notEqual(now, before);
  });
});

describe('a client with certificate files', { skip }, () => {
  const calm = new AbortController().signal;

  function clientOf(paths: Parameters<typeof TlsFiles.open>[0], serverName?: string) {
    const files = TlsFiles.open(paths, { intervalMs: 2 ** 30, onNews: () => {} });
    const client = new TlsHttpClient({ files, serverName });
    ends.push(() => client.close());
    const get = (address: string, signal = calm) =>
      client.fetch(`https://${address}/health`, { method: 'GET', headers: { accept: 'application/json' }, signal });
    return { files, client, get };
  }

  /** Whatever the test makes of requests; sockets are counted. */
  async function scripted(pair: Pair, answer: (response: ServerResponse, body: string) => void) {
    const server = createServer({ cert: readFileSync(pair.certPath), key: readFileSync(pair.keyPath) });
    const state = { connectionCount: 0 };
    server.on('secureConnection', () => (state.connectionCount += 1));
    server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
      let body = '';
      incoming.setEncoding('utf8').on('data', (text: string) => (body += text));
      incoming.on('end', () => answer(response, body));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return { state, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  it('trusts its authority alone, and the name that it expects', async () => {
    const [ours, theirs] = [authority(), authority()];
    const { address } = await serving(ours.issue());
    const reply = await clientOf({ caPath: ours.certPath }).get(address);
    deepEqual(
      [reply.status, reply.headers.get('content-type'), await reply.json()],
      [200, 'application/json', 'serving'],
    );
    await rejects(clientOf({ caPath: theirs.certPath }).get(address), /certificate/);
    await rejects(clientOf({}).get(address), /certificate/);
    const named = await serving(ours.issue(['DNS:rm.example.org']));
    await rejects(clientOf({ caPath: ours.certPath }).get(named.address), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    equal((await clientOf({ caPath: ours.certPath }, 'rm.example.org').get(named.address)).status, 200);
  });

  it('shows its certificate, from its next connection on the one that lies there then', async () => {
    const [ours, theirs] = [authority(), authority()];
    const { address } = await serving({ ...ours.issue(), caPath: ours.certPath });
    const { paths, put } = exchangeable(theirs.issue());
    const { files, get } = clientOf({ ...paths, caPath: ours.certPath });
    await rejects(get(address));
    put(ours.issue());
    await rejects(get(address), 'the files were not looked at');
    files.refresh();
    equal((await get(address)).status, 200);
    await rejects(clientOf({ caPath: ours.certPath }).get(address));
  });

  it('uses a connection again, until the files change; a request under way goes on', async () => {
    const ca = authority();
    const held = Promise.withResolvers<ServerResponse>();
    const { address, state } = await scripted(ca.issue(), (response, body) => {
      if (body === 'hold') held.resolve(response);
      else response.end(body);
    });
    const { paths, put } = exchangeable(ca.issue());
    const { client, files } = clientOf({ ...paths, caPath: ca.certPath });
    const post = (body: string) =>
      client.fetch(`https://${address}/`, { method: 'POST', headers: {}, body, signal: calm });
    for (const body of ['one', 'two']) equal(await (await post(body)).text(), body);
    equal(state.connectionCount, 1);
    const holding = post('hold');
    const response = await held.promise;
    put(ca.issue());
    files.refresh();
    equal(await (await post('three')).text(), 'three');
    response.end('four');
    equal(await (await holding).text(), 'four');
    equal(state.connectionCount, 2);
  });

  it('stops when it is told to, before the head or in the body', async () => {
    const ca = authority();
    const arrived: ((response: ServerResponse) => void)[] = [];
    const { address } = await scripted(ca.issue(), (response) => arrived.shift()?.(response));
    const { get } = clientOf({ caPath: ca.certPath });
    const silent = new AbortController();
    arrived.push(() => silent.abort());
    await rejects(get(address, silent.signal), { name: 'AbortError' });
    const slow = new AbortController();
    arrived.push((response) => response.writeHead(200).write('half'));
    const reply = await get(address, slow.signal);
    const text = reply.text();
    slow.abort();
    await rejects(text);
    arrived.push((response) => response.writeHead(200).write('half', () => response.destroy()));
    await rejects((await get(address)).text());
    arrived.push((response) => response.writeHead(204).end());
    const nothing = await get(address);
    deepEqual([nothing.status, await nothing.text()], [204, '']);
  });
});
