/** Goal: whatever is altered in a finished run is named with its place; a sound run gives no finding. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { before, describe, it } from 'node:test';
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { cpSync, readFileSync, readdirSync, rmSync, truncateSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Digest } from '#core';
import { temporaryFolder, toyRun } from '../../testing/toy-run.js';
import type { PurchaseOutcome } from '../phases/buy-scores.js';
import { unitDigest } from '../storage/row-digests.js';
import { fsckRun } from './fsck-run.js';

describe('a check of a finished run', () => {
  const finished = temporaryFolder();
  before(async () => {
    const { state } = await toyRun({ folder: finished, overrides: ['ledger=ledger.sqlite'] });
    equal(state, 'succeeded');
  });

  const copy = (): string => {
    const folder = temporaryFolder();
    cpSync(finished, folder, { recursive: true });
    return folder;
  };
  const alter =
    (sql: string, file = 'run/run.sqlite') =>
    (folder: string) => {
      const database = new DatabaseSync(join(folder, file));
      database.exec(sql);
      database.close();
    };
  /** Flips a bit in the middle of a file. */
  const flip = (pathOf: (run: string) => string) => (folder: string) => {
    const path = pathOf(join(folder, 'run'));
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);
  };
  const artifactOf = (run: string): string => join(run, 'artifacts', readdirSync(join(run, 'artifacts'))[0] ?? '');
  const replace = (name: string, from: RegExp, to: string) => (folder: string) => {
    const path = join(folder, 'run', name);
    const text = readFileSync(path, 'utf8');
    const altered = text.replace(from, to);
    ok(altered !== text, 'something is altered');
    writeFileSync(path, altered);
  };

  it('finds nothing where nothing is wrong, having looked at everything', async () => {
    const { findings, checked, runId } = await fsckRun(join(copy(), 'run'));
    deepEqual(findings, []);
    equal(runId, 'toy-run');
    for (const [what, count] of Object.entries(checked)) ok(count > 0, what);
  });

  /** Written with a digest that fits. */
  const scoredByTwo = (folder: string): void => {
    const database = new DatabaseSync(join(folder, 'run', 'run.sqlite'));
    const key = { iteration: 0, phase: 'annotate', unit: 0 };
    const where = `WHERE iteration = 0 AND phase = 'annotate' AND unit = 0`;
    const row = database.prepare(`SELECT result, request_digest FROM units ${where}`).get()!;
    const outcome = JSON.parse(Buffer.from(row['result'] as Uint8Array).toString()) as PurchaseOutcome;
    const provenances = [...outcome.origins!.provenances, '{"epoch":"2","weightsDigest":"sha256:b"}'];
    const result = Buffer.from(JSON.stringify({ ...outcome, origins: { ...outcome.origins, provenances } }));
    const digest = unitDigest({ key, requestDigest: row['request_digest'] as Digest, result });
    database.prepare(`UPDATE units SET result = ?, digest = ? ${where}`).run(result, digest);
    database.close();
  };

  const cases: readonly (readonly [string, (folder: string) => void, string, RegExp])[] = [
    [
      'a result',
      alter(`UPDATE units SET result = x'00' WHERE phase = 'score' AND unit = 1`),
      'the journal',
      /score\/1/,
    ],
    ['a step', alter('UPDATE steps SET loss = 0 WHERE step = 2'), 'the journal', /step 2/],
    [
      'a step that is gone',
      alter(`DELETE FROM steps WHERE step = 0 AND phase = 'train'`),
      'the journal',
      /expected step 0/,
    ],
    ['φ', alter(`UPDATE meta_updates SET state = '{}' WHERE version = 1`), 'the journal', /state 1/],
    ['the bill', alter(`UPDATE counters SET value = 1 WHERE name = 'paid.training'`), 'the journal', /paid\.training/],
    [
      'a shared score',
      alter('UPDATE ledger SET score = 0', 'ledger.sqlite'),
      'the shared ledger ledger.sqlite',
      /altered/,
    ],
    [
      'a decision about reward models',
      alter(`UPDATE units SET result = x'7b7d' WHERE phase = 'rewards/epochs'`),
      'the journal',
      /rewards\/epochs/,
    ],
    [
      'a unit whose scores are of two models',
      scoredByTwo,
      'the journal',
      /one reward model, found sha256:toy and sha256:b/,
    ],
    ['an artifact', flip(artifactOf), 'artifacts/', /expected its content/],
    ['an artifact that is gone', (folder) => rmSync(artifactOf(join(folder, 'run'))), 'artifacts/', /no readable file/],
    ['the adapter', flip((run) => join(run, 'adapter', 'adapter_model.safetensors')), 'adapter/', /./],
    [
      'an adapter that is gone',
      (folder) => rmSync(join(folder, 'run', 'adapter'), { recursive: true }),
      'adapter/',
      /found nothing/,
    ],
    [
      'meta-learner.json',
      replace('meta-learner.json', /"version": 1?\d/, '"version": 99'),
      'meta-learner.json',
      /another/,
    ],
    ['report.json', replace('report.json', /"used": \d+/, '"used": 1'), 'report.json', /paid annotations/],
    ['a torn report.json', (folder) => truncateSync(join(folder, 'run', 'report.json'), 100), 'report.json', /./],
    ['config.yaml', replace('config.yaml', /^seed: 7/m, 'seed: 8'), 'config.yaml', /expected the configuration/],
    [
      'policy.json',
      replace('policy.json', /"adapter_digest": "sha256:./, '"adapter_digest": "sha256:x'),
      'policy.json',
      /./,
    ],
    [
      'a file that is cut',
      (folder) =>
        truncateSync(join(folder, 'run', 'run.sqlite'), statSync(join(folder, 'run', 'run.sqlite')).size - 8192),
      'run.sqlite',
      /./,
    ],
    ['an empty file', (folder) => truncateSync(join(folder, 'run', 'run.sqlite')), 'run.sqlite', /an empty file/],
  ];
  it('says of artifacts that are gone, folder and all, no ill of the journal', async () => {
    const folder = copy();
    rmSync(join(folder, 'run', 'artifacts'), { recursive: true });
    const { findings } = await fsckRun(join(folder, 'run'));
    deepEqual(
      findings.filter(({ place }) => !place.startsWith('artifacts/')),
      [],
    );
    ok(findings.length > 0);
  });

  for (const [what, damage, place, problem] of cases) {
    it(`names ${what}, and what to do`, async () => {
      const folder = copy();
      damage(folder);
      const { findings } = await fsckRun(join(folder, 'run'));
      const found = findings.find((finding) => finding.place.startsWith(place));
      ok(found, JSON.stringify(findings));
      equal(found.severity, 'damage');
      match(found.problem, problem);
      ok(found.remedy.length > 0);
    });
  }

  it('changes nothing', async () => {
    const folder = copy();
    const contents = () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith('-shm') && !entry.name.endsWith('-wal'))
        .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name)).toString('base64')]);
    const was = contents();
    await fsckRun(join(folder, 'run'));
    deepEqual(contents(), was);
  });

  it('notices what a crash left over, and says that it is harmless', async () => {
    const folder = copy();
    writeFileSync(join(folder, 'run', 'artifacts', 'half.partial'), 'ha');
    const { findings } = await fsckRun(join(folder, 'run'));
    deepEqual(
      findings.map(({ severity, place }) => [severity, place]),
      [['notice', 'artifacts']],
    );
  });

  it('calls nothing damaged that lies in a store which lets nobody in', async (t) => {
    const folder = copy();
    const store = createServer((_, reply) => reply.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>'));
    store.listen(0, '127.0.0.1');
    await once(store, 'listening');
    t.after(() => store.close());
    const { port } = store.address() as AddressInfo;
    const artifacts = `s3://bucket/runs?endpoint=http://127.0.0.1:${port}&path_style=true&region=eu-central-1`;
    const record = { format: 1, key: 'toy', journal: null, artifacts };
    writeFileSync(join(folder, 'run', 'storage.json'), JSON.stringify(record));
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'nobody', AWS_SECRET_ACCESS_KEY: 'nothing' });
    const { findings, checked } = await fsckRun(join(folder, 'run'));
    deepEqual(
      findings.map(({ severity, place }) => [severity, place]),
      [['unchecked', 's3://bucket/runs/toy/']],
    );
    match(findings[0]?.problem ?? '', /expected to be let in and served/);
    deepEqual([checked.artifacts, checked.units > 0], [0, true]);
  });

  it('says so where there is no run at all', async () => {
    const { findings } = await fsckRun(temporaryFolder());
    match(findings[0]?.problem ?? '', /no file/);
  });
});
