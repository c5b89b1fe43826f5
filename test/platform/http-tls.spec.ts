/** @file The HTTP port over TLS: who is let in, and what happens when the files are exchanged. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { after, describe, it } from 'node:test';
import { deepEqual, equal, notEqual, rejects } from 'node:assert/strict';
import { HttpServer } from '#platform/http';
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
    const folder = mkdtempSync(join(tmpdir(), 'metaapo-http-tls-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const paths = { certPath: join(folder, 'tls.crt'), keyPath: join(folder, 'tls.key') };
    const put = ({ certPath, keyPath }: Pair): void => {
      copyFileSync(certPath, paths.certPath);
      copyFileSync(keyPath, paths.keyPath);
    };
    put(ca.issue());
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
