import { describe, it } from 'node:test';
import { deepEqual, equal, rejects } from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { digestOf, systemClock } from '#core';
import { sharedPostgres, storageBackends } from '../../../../../test/support/storage-backends.js';
import { temporaryFolder } from '../../testing/toy-run.js';
import type { Buyer, LedgerEntry } from './ledger.js';
import { openRunStorage, type RunStorageOptions } from './run-storage.js';
import { OWN_PLACES } from './storage-places.js';

const [, postgres] = storageBackends();
const NEEDS_POSTGRES = { skip: postgres?.skip ?? false };

const OPTIONS: RunStorageOptions = { clock: systemClock, newRunId: 'run' };
const REQUEST = digestOf('request');
const unitOf = (unit: number, byteCount = 5000) => ({
  key: { iteration: 0, phase: 'score', unit },
  requestDigest: REQUEST,
  result: Buffer.alloc(byteCount, `unit ${unit}`),
  elapsedMs: 0,
});

/** A run directory as a process leaves it that was killed: the write-ahead log is not folded in. */
async function killedRun(unitCount: number): Promise<string> {
  const [living, left] = [temporaryFolder(), temporaryFolder()];
  const storage = await openRunStorage(living, OPTIONS);
  for (let unit = 0; unit < unitCount; unit++) await storage.journal.commit({ units: [unitOf(unit)] });
  for (const name of ['run.sqlite', 'run.sqlite-wal']) copyFileSync(join(living, name), join(left, name));
  await storage.close();
  writeFileSync(join(left, 'config.yaml'), '');
  return left;
}

/** A socket before the server's, which can lose its callers without telling the server. */
async function breakableLink(url: string) {
  const folder = temporaryFolder();
  const [server, name] = [decodeURIComponent(new URL(url).host), '.s.PGSQL.5432'];
  const [callers, callees] = [new Set<Socket>(), new Set<Socket>()];
  const link = createServer((caller) => {
    const callee = connect(join(server, name));
    callers.add(caller.on('error', () => {}));
    callees.add(callee.on('error', () => {}));
    caller.on('data', (bytes: Buffer) => callee.write(bytes));
    callee.on('data', (bytes: Buffer) => caller.write(bytes)).on('end', () => caller.end());
  });
  await once(link.listen(join(folder, name)), 'listening');
  return {
    url: url.replace(encodeURIComponent(server), encodeURIComponent(folder)),
    break: () => callers.forEach((caller) => caller.destroy()),
    close: () => {
      link.close();
      for (const socket of [...callers, ...callees]) socket.destroy();
    },
  };
}

describe('the file of a run', () => {
  it('is refused when another version wrote it', async () => {
    const folder = temporaryFolder();
    await (await openRunStorage(folder, OPTIONS)).close();
    const database = new DatabaseSync(join(folder, 'run.sqlite'));
    database.exec('PRAGMA user_version = 99');
    database.close();
    await rejects(openRunStorage(folder, OPTIONS), { code: 'RUN_SCHEMA_UNKNOWN' });
  });

  it('says by name that the disk is full, and goes on when there is room', async () => {
    const folder = temporaryFolder();
    const small = await openRunStorage(folder, { ...OPTIONS, pageCountMax: 24 });
    await rejects(small.journal.commit({ units: [unitOf(0, 100_000)] }), { code: 'DISK_FULL' });
    await small.close();
    const storage = await openRunStorage(folder, OPTIONS);
    await storage.journal.commit({ units: [unitOf(0, 100_000)] });
    await storage.close();
  });

  it('with a torn tail is taken at its last whole commit', async () => {
    const folder = await killedRun(3);
    const log = join(folder, 'run.sqlite-wal');
    truncateSync(log, statSync(log).size - 100);
    const storage = await openRunStorage(folder, OPTIONS);
    const { journal } = storage;
    equal(await journal.unitCount(0, 'score'), 2);
    deepEqual(Buffer.from((await journal.result(unitOf(1).key, REQUEST)) ?? []), unitOf(1).result);
    await journal.commit({ units: [unitOf(2)] });
    await storage.close();
  });

  it('with a flipped bit in its tail is taken at the last whole commit before', async () => {
    const folder = await killedRun(3);
    const log = join(folder, 'run.sqlite-wal');
    const bytes = readFileSync(log);
    bytes[bytes.length - 3000]! ^= 1;
    writeFileSync(log, bytes);
    const storage = await openRunStorage(folder, OPTIONS);
    const { journal } = storage;
    equal(await journal.unitCount(0, 'score'), 2);
    await storage.close();
  });

  for (const [what, content] of [
    ['empty', Buffer.alloc(0)],
    ['no database', Buffer.from('something else entirely, and longer than a header'.repeat(100))],
  ] as const) {
    it(`that is ${what} is named, and no run is begun in its place`, async () => {
      const folder = await killedRun(1);
      rmSync(join(folder, 'run.sqlite-wal'));
      writeFileSync(join(folder, 'run.sqlite'), content);
      await rejects(openRunStorage(folder, OPTIONS), { code: 'DATABASE_DAMAGED', message: /run\.sqlite.*Restore/s });
    });
  }

  it('that is gone is named, and no run is begun in its place', async () => {
    const folder = await killedRun(1);
    for (const name of ['run.sqlite', 'run.sqlite-wal']) rmSync(join(folder, name));
    await rejects(openRunStorage(folder, OPTIONS), { code: 'DATABASE_DAMAGED', message: /found no file/ });
  });

  it('that was cut is named', async () => {
    const folder = temporaryFolder();
    const storage = await openRunStorage(folder, OPTIONS);
    for (let unit = 0; unit < 20; unit++) await storage.journal.commit({ units: [unitOf(unit)] });
    await storage.close();
    truncateSync(join(folder, 'run.sqlite'), statSync(join(folder, 'run.sqlite')).size - 3 * 4096);
    await rejects(openRunStorage(folder, OPTIONS), { code: 'DATABASE_DAMAGED' });
  });
});

describe('a run that lies elsewhere', () => {
  it('is not begun anew when its configuration points to another place', async () => {
    const folder = temporaryFolder();
    const artifacts = join(folder, 'elsewhere');
    mkdirSync(artifacts);
    const places = { ...OWN_PLACES, artifacts: 'elsewhere' };
    const storage = await openRunStorage(folder, { ...OPTIONS, places });
    const digest = await storage.artifacts.put(Buffer.from('weights'));
    await storage.close();
    writeFileSync(join(folder, 'config.yaml'), '');
    const changed = { code: 'RUN_CONFIG_CHANGED', message: /storage\.artifacts elsewhere/ };
    await rejects(openRunStorage(folder, OPTIONS), changed);
    const again = await openRunStorage(folder, { ...OPTIONS, places, newRunId: 'another' });
    equal(Buffer.from(await again.artifacts.get(digest)).toString(), 'weights');
    await again.close();
  });

  it('is held by one process, however many copies of its directory there are', NEEDS_POSTGRES, async () => {
    const { url } = await sharedPostgres();
    const places = { ...OWN_PLACES, journal: url };
    const folder = temporaryFolder();
    const holder = await openRunStorage(folder, { ...OPTIONS, newRunId: 'held', places });
    const copy = temporaryFolder();
    copyFileSync(join(folder, 'storage.json'), join(copy, 'storage.json'));
    writeFileSync(join(copy, 'config.yaml'), '');
    await rejects(openRunStorage(copy, { ...OPTIONS, places }), {
      code: 'RUN_DIRECTORY_BUSY',
      message: new RegExp(`in use by metaapo process ${process.pid} on .+, connected since 20`),
    });
    await holder.close();
    await (await openRunStorage(copy, { ...OPTIONS, places })).close();
  });

  it('goes on when its database was down, and each commit counts once', NEEDS_POSTGRES, async () => {
    const server = await sharedPostgres();
    const places = { ...OWN_PLACES, journal: server.url };
    const storage = await openRunStorage(temporaryFolder(), { ...OPTIONS, newRunId: 'down', places });
    const { journal } = storage;
    await journal.commit({ counters: { paid: 1 } });
    const commits = Array.from({ length: 20 }, (_, unit) => {
      return journal.commit({ units: [unitOf(unit)], counters: { paid: 1 } });
    });
    await commits[3];
    await server.kill();
    await server.start();
    await Promise.all(commits);
    equal(journal.totals.counter('paid'), 21);
    equal(await journal.unitCount(0, 'score'), 20);
    await storage.close();
  });

  it('goes on when its connection breaks and the server does not notice', NEEDS_POSTGRES, async () => {
    const link = await breakableLink((await sharedPostgres()).url);
    const places = { ...OWN_PLACES, journal: link.url };
    const storage = await openRunStorage(temporaryFolder(), { ...OPTIONS, newRunId: 'broken', places });
    try {
      await storage.journal.commit({ counters: { paid: 1 } });
      link.break();
      await storage.journal.commit({ counters: { paid: 1 } });
      equal(storage.journal.totals.counter('paid'), 2);
    } finally {
      await storage.close();
      link.close();
    }
  });

  it('is refused by name where the database does not exist', NEEDS_POSTGRES, async () => {
    const { url } = await sharedPostgres();
    const places = { ...OWN_PLACES, journal: url.replace(/postgres$/, 'absent') };
    await rejects(openRunStorage(temporaryFolder(), { ...OPTIONS, places }), {
      code: 'STORAGE_REFUSED',
      message: /"absent" does not exist/,
    });
  });
});

describe('a shared ledger', () => {
  const entry: LedgerEntry = {
    weightsDigest: 'sha256:reward',
    promptDigest: digestOf('prompt'),
    responseDigest: digestOf('response'),
    score: 0.5,
    components: {},
    provenance: '{}',
  };
  const placesOf: readonly { readonly name: string; readonly of: (folder: string) => Promise<string> }[] = [
    { name: 'SQLite', of: async (folder) => join(folder, 'shared', 'ledger.sqlite') },
    { name: 'PostgreSQL', of: async () => (await sharedPostgres()).url },
  ];
  for (const { name, of } of placesOf) {
    it(`on ${name} is one for all runs, their bills are not`, name === 'SQLite' ? {} : NEEDS_POSTGRES, async () => {
      const folder = temporaryFolder();
      const places = { ...OWN_PLACES, ledger: await of(folder) };
      const [a, b] = [join(folder, 'a'), join(folder, 'b')] as const;
      [a, b].forEach((path) => mkdirSync(path));
      const first = await openRunStorage(a, { ...OPTIONS, places, newRunId: 'a' });
      const second = await openRunStorage(b, { ...OPTIONS, places, newRunId: 'b' });
      const [buyer, other] = ['a', 'b'].map((runId) => ({ runId, attempt: 1, unit: '0/annotate/0' })) as [Buyer, Buyer];
      deepEqual(await first.ledger.claim([entry], buyer), [{ kind: 'granted' }]);
      equal((await second.ledger.claim([entry], other))[0]?.kind, 'elsewhere');
      await first.ledger.add([entry], { buyer, purpose: 'training' });
      await first.journal.commit({ counters: { 'paid.training': 1 } });
      deepEqual(await second.ledger.claim([entry], other), [{ kind: 'held', score: 0.5, own: false }]);
      equal(second.journal.totals.counter('paid.training'), 0);
      await first.close();
      await second.close();
    });
  }
});
