/**
 * @file Calls over TLS: who is let in, what happens when files are exchanged, and what is said of files that cannot be used.
 */
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { deepEqual, equal, match, ok, rejects, throws } from 'node:assert/strict';
import { createRpcClient, TlsFiles, type ClientTls, type RpcApp } from '#platform/rpc';
import { remote } from '../support/calls.js';
import { Authority, skipWithoutOpenssl, type Pair } from '../support/certificates.js';
import { ChildService } from '../support/child-service.js';
import { startTinyApp, TinyBehaviour } from '../support/tiny-app.js';

const skip = skipWithoutOpenssl();
const ends: (() => unknown)[] = [];
after(async () => {
  for (const end of ends.reverse()) await end();
});

function authority(name?: string): Authority {
  const made = new Authority(name);
  ends.push(() => made.remove());
  return made;
}

function opened(paths: Parameters<typeof TlsFiles.open>[0], news: string[] = []): TlsFiles {
  // Looked at when the test says so: the interval is beyond any test.
  const files = TlsFiles.open(paths, { intervalMs: 2 ** 30, onNews: (text, kind) => news.push(`${kind} ${text}`) });
  ends.push(() => files.close());
  return files;
}

async function serving(tls: TlsFiles): Promise<RpcApp> {
  const app = await startTinyApp(new TinyBehaviour(), { tls });
  ends.push(() => app.close());
  return app;
}

function clientOf(app: RpcApp, tls?: ClientTls, host = '127.0.0.1') {
  const address = app.address().replace('127.0.0.1', host);
  const client = createRpcClient('metaapo.reward.v1.RewardService', address, { tls });
  ends.push(() => client.close());
  return client;
}

const refused = remote('UNAVAILABLE', 'UNAVAILABLE');
const trust = (ca: Authority, own?: Pair, serverName?: string): ClientTls => ({
  files: opened({ caPath: ca.certPath, ...own }),
  ...(serverName !== undefined && { serverName }),
});

describe('a port with a certificate', { skip }, () => {
  it('answers who trusts its authority, and nobody else, nor in plaintext', async () => {
    const [ours, theirs] = [authority(), authority('another authority')];
    const app = await serving(opened(ours.issue()));
    deepEqual((await clientOf(app, trust(ours)).annotate({})).items, []);
    await rejects(clientOf(app, trust(theirs)).annotate({}), refused);
    await rejects(clientOf(app).annotate({}), refused);
  });

  it('must bear the name that it is called by, or the one that the caller expects', async () => {
    const ca = authority();
    const app = await serving(opened(ca.issue(['DNS:reward.example.org'])));
    await rejects(clientOf(app, trust(ca)).annotate({}), refused);
    ok(await clientOf(app, trust(ca, undefined, 'reward.example.org')).annotate({}));
  });
});

describe('a port with an authority of callers', { skip }, () => {
  it('answers callers with a certificate of it, and no others', async () => {
    const [ours, theirs] = [authority(), authority('another authority')];
    const app = await serving(opened({ ...ours.issue(), caPath: ours.certPath }));
    ok(await clientOf(app, trust(ours, ours.issue(['DNS:trainer']))).annotate({}));
    await rejects(clientOf(app, trust(ours, theirs.issue(['DNS:trainer']))).annotate({}), refused);
    await rejects(clientOf(app, trust(ours)).annotate({}), refused);
  });
});

describe('files that change', { skip }, () => {
  /** A mounted secret: files are links into a folder, which is itself a link that is swapped. */
  function mounted(first: Pair) {
    const folder = mkdtempSync(join(tmpdir(), 'metaapo-mount-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    let version = 0;
    const swap = ({ certPath, keyPath }: Pair): void => {
      version += 1;
      mkdirSync(join(folder, `v${version}`));
      copyFileSync(certPath, join(folder, `v${version}`, 'tls.crt'));
      copyFileSync(keyPath, join(folder, `v${version}`, 'tls.key'));
      symlinkSync(`v${version}`, join(folder, '..data_tmp'));
      renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    swap(first);
    for (const name of ['tls.crt', 'tls.key']) symlinkSync(join('..data', name), join(folder, name));
    return { swap, pair: { certPath: join(folder, 'tls.crt'), keyPath: join(folder, 'tls.key') } };
  }

  it('serve new connections without a restart, and standing ones go on', async () => {
    const [before, later] = [authority(), authority('the next authority')];
    const mount = mounted(before.issue());
    const news: string[] = [];
    const files = opened(mount.pair, news);
    const app = await serving(files);
    const standing = clientOf(app, trust(before));
    ok(await standing.annotate({}));
    await rejects(clientOf(app, trust(later)).annotate({}), refused);
    mount.swap(later.issue());
    files.refresh();
    match(news.join('\n'), /^exchanged .*tls\.crt, .*tls\.key$/);
    ok(await standing.annotate({}), 'its connection was made before');
    ok(await clientOf(app, trust(later)).annotate({}));
    await rejects(clientOf(app, trust(before)).annotate({}), refused);
  });

  it('that are half written, or cannot be read, change nothing and are told once', async () => {
    const ca = authority();
    const mount = mounted(ca.issue());
    const news: string[] = [];
    const files = opened(mount.pair, news);
    const app = await serving(files);
    const next = ca.issue();
    for (const wrong of [
      { ...next, keyPath: ca.issue().keyPath },
      { ...next, certPath: next.keyPath },
    ]) {
      mount.swap(wrong);
      files.refresh();
      files.refresh();
    }
    deepEqual(
      news.map((line) => /^refused .*(TLS_[A-Z_]+): .*?tls\.(crt|key)/.exec(line)?.slice(1, 3)),
      [
        ['TLS_PAIR_MISMATCH', 'key'],
        ['TLS_FILE_INVALID', 'crt'],
      ],
    );
    ok(await clientOf(app, trust(ca)).annotate({}));
    mount.swap(next);
    files.refresh();
    equal(news.length, 3, 'the whole pair is taken');
    ok(await clientOf(app, trust(ca)).annotate({}));
  });

  it('are shown by callers from their next connection on', async () => {
    const [ours, theirs] = [authority(), authority('another authority')];
    const app = await serving(opened({ ...ours.issue(), caPath: ours.certPath }));
    const mount = mounted(theirs.issue(['DNS:trainer']));
    const files = opened({ ...mount.pair, caPath: ours.certPath });
    const client = clientOf(app, { files });
    await rejects(client.annotate({}), refused);
    mount.swap(ours.issue(['DNS:trainer']));
    files.refresh();
    ok(await client.annotate({}, { waitForReady: true, timeoutMs: 20_000 }));
  });
});

describe('files that cannot be used', { skip }, () => {
  const is = (code: string, path: string) => (thrown: unknown) => {
    ok(thrown instanceof Error && 'code' in thrown);
    equal(thrown.code, code);
    ok(thrown.message.includes(path), thrown.message);
    return true;
  };

  it('are named with what is wrong', () => {
    const ca = authority();
    const pair = ca.issue();
    const absent = join(ca.folder, 'absent.crt');
    throws(() => TlsFiles.open({ ...pair, certPath: absent }), is('TLS_FILE_UNREADABLE', absent));
    throws(() => TlsFiles.open({ ...pair, certPath: pair.keyPath }), is('TLS_FILE_INVALID', pair.keyPath));
    throws(() => TlsFiles.open({ ...pair, keyPath: pair.certPath }), is('TLS_FILE_INVALID', pair.certPath));
    throws(() => TlsFiles.open({ ...pair, keyPath: ca.issue().keyPath }), is('TLS_PAIR_MISMATCH', pair.certPath));
    const torn = join(ca.folder, 'torn.crt');
    writeFileSync(torn, '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
    throws(() => TlsFiles.open({ caPath: torn }), is('TLS_FILE_INVALID', torn));
  });

  it('are named when their time is over, or has not come', () => {
    const ca = authority();
    const pair = ca.issue();
    const at = (days: number) => ({ clock: { nowMs: () => Date.now() + days * 86_400_000 } });
    throws(() => TlsFiles.open(pair, at(2)), is('TLS_CERTIFICATE_EXPIRED', pair.certPath));
    throws(() => TlsFiles.open(pair, at(-2)), is('TLS_CERTIFICATE_EXPIRED', pair.certPath));
    throws(() => TlsFiles.open({ caPath: ca.certPath }, at(2)), is('TLS_CERTIFICATE_EXPIRED', ca.certPath));
  });
});

describe('a service with certificates', { skip }, () => {
  const PROGRAM = new URL('../support/tiny-service.js', import.meta.url);
  const start = (env: Readonly<Record<string, string>>): ChildService => {
    const child = new ChildService(PROGRAM, {
      TINY_ADDRESS: '127.0.0.1:0',
      TINY_ADMIN_ADDRESS: '127.0.0.1:0',
      ...env,
    });
    ends.push(() => child.kill());
    return child;
  };

  it('serves both of its ports with them, and answers probes in plaintext', async () => {
    const ca = authority();
    const { certPath, keyPath } = ca.issue();
    const child = start({ TINY_TLS_CERT_PATH: certPath, TINY_TLS_KEY_PATH: keyPath, TINY_METRICS_PORT: '0' });
    const { address, admin_address: adminAddress, metrics_address: metricsAddress } = await child.event('ready');
    equal((await fetch(`http://${metricsAddress}/readyz`)).status, 200);
    const tls = trust(ca);
    const main = createRpcClient('metaapo.reward.v1.RewardService', address ?? '', { tls });
    const admin = createRpcClient('metaapo.policy.v1.PolicyAdminService', adminAddress ?? '', { tls });
    equal((await main.listRewardModels({})).nextPageToken, 'none');
    await admin.putAdapter([]);
    main.close();
    admin.close();
  });

  it('does not start with files that cannot be used, nor with half of them', async () => {
    const ca = authority();
    const { certPath, keyPath } = ca.issue();
    const wrong = start({ TINY_TLS_CERT_PATH: certPath, TINY_TLS_KEY_PATH: ca.issue().keyPath });
    equal(await wrong.ended(), 1);
    ok(wrong.stderr.includes('TLS_PAIR_MISMATCH') && wrong.stderr.includes(certPath), wrong.stderr);
    const half = start({ TINY_TLS_KEY_PATH: keyPath });
    equal(await half.ended(), 2);
    match(half.stderr, /TINY_TLS_CERT_PATH: absent; expected a path, since TINY_TLS_KEY_PATH is set/);
  });
});
