import { describe, it } from 'node:test';
import { deepEqual, equal, ok, rejects, throws } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, type Digest } from '#core';
import { temporaryFolder } from '../../testing/toy-run.js';
import { pinFact } from '../run/run-directory.js';
import { Artifacts } from './artifacts.js';
import { Journal, type StepRecord } from './journal.js';
import { Ledger, type LedgerEntry } from './ledger.js';
import { RunDatabase } from './run-database.js';
import { lockRunDirectory } from './run-lock.js';

const KEY = { iteration: 0, phase: 'score', unit: 3 };
const REQUEST = digestOf('request');

describe('the lock of a run directory', () => {
  it('is held once, and given back', () => {
    const folder = temporaryFolder();
    const lock = lockRunDirectory(folder);
    throws(() => lockRunDirectory(folder), { code: 'RUN_DIRECTORY_BUSY' });
    lock.release();
    lock.release();
    lockRunDirectory(folder).release();
  });

  it('dies with its process, however that dies', () => {
    const folder = temporaryFolder();
    const script = `
      const { DatabaseSync } = require('node:sqlite');
      const database = new DatabaseSync(${JSON.stringify(join(folder, 'run.lock'))});
      database.exec('BEGIN EXCLUSIVE');
      process.kill(process.pid, 'SIGKILL');`;
    throws(() => execFileSync(process.execPath, ['-e', script]));
    lockRunDirectory(folder).release();
  });
});

describe('the journal', () => {
  it('gives a result back after it was opened anew', () => {
    const folder = temporaryFolder();
    const first = RunDatabase.open(folder);
    new Journal(first).commitUnit(KEY, { requestDigest: REQUEST, result: Buffer.from('result'), elapsedMs: 5 });
    first.close();
    const second = RunDatabase.open(folder);
    const journal = new Journal(second);
    equal(Buffer.from(journal.result(KEY, REQUEST) ?? []).toString(), 'result');
    equal(journal.unitCount(0, 'score'), 1);
    second.close();
  });

  it('refuses a unit of the same name but of another request', () => {
    const database = RunDatabase.open(temporaryFolder());
    const journal = new Journal(database);
    journal.commitUnit(KEY, { requestDigest: REQUEST, result: Buffer.from('x'), elapsedMs: 0 });
    throws(() => journal.result(KEY, digestOf('another')), { code: 'JOURNAL_MISMATCH' });
    database.close();
  });

  it('writes all of a transaction or nothing', () => {
    const database = RunDatabase.open(temporaryFolder());
    const journal = new Journal(database);
    const entry = { requestDigest: REQUEST, result: Buffer.from('x'), elapsedMs: 0 };
    throws(() =>
      journal.commitUnit(KEY, entry, () => {
        database.sql('INSERT INTO facts VALUES (?, ?)').run('a', 'b');
        throw new TypeError('interrupted');
      }),
    );
    equal(journal.fact('a'), undefined);
    equal(journal.result(KEY, REQUEST), undefined);
    database.close();
  });

  it('drops the gradients of a step that was committed, and the moments of the step before', () => {
    const database = RunDatabase.open(temporaryFolder());
    const journal = new Journal(database);
    const key = { iteration: 0, phase: 'train', unit: 0 };
    journal.commitUnit(key, { requestDigest: REQUEST, result: Buffer.from('gradient'), elapsedMs: 2 });
    const step = (index: number): StepRecord => ({
      iteration: 0,
      phase: 'train',
      step: index,
      adapterDigest: digestOf(`adapter ${index}`),
      adapterArtifact: digestOf(`file ${index}`),
      momentsArtifact: digestOf(`moments ${index}`),
      learningRate: 1,
      gradientNorm: 1,
      loss: 1,
      statistics: '[]',
    });
    journal.commitStep(step(0), [{ key, requestDigest: REQUEST, elapsedMs: 2 }]);
    equal(journal.result(key, REQUEST), undefined);
    journal.commitStep(step(1), []);
    deepEqual(journal.artifactsInUse(), new Set([digestOf('file 1'), digestOf('moments 1')]));
    equal(journal.stepCount(), 2);
    database.close();
  });

  it('holds a run to its inputs', () => {
    const database = RunDatabase.open(temporaryFolder());
    const journal = new Journal(database);
    pinFact(journal, 'data', 'sha256:a');
    pinFact(journal, 'data', 'sha256:a');
    throws(() => pinFact(journal, 'data', 'sha256:b'), { code: 'RUN_CONFIG_CHANGED' });
    database.close();
  });

  it('refuses a directory of a version it does not know', () => {
    const folder = temporaryFolder();
    const database = RunDatabase.open(folder);
    database.sql('PRAGMA user_version = 99').run();
    database.close();
    throws(() => RunDatabase.open(folder), { code: 'RUN_SCHEMA_UNKNOWN' });
  });

  it('says by name that the disk is full, and goes on when there is room', () => {
    const folder = temporaryFolder();
    const small = RunDatabase.open(folder, { pageCountMax: 16 });
    const large = { requestDigest: REQUEST, result: Buffer.alloc(100_000), elapsedMs: 0 };
    throws(() => new Journal(small).commitUnit(KEY, large), { code: 'DISK_FULL' });
    small.close();
    const database = RunDatabase.open(folder);
    new Journal(database).commitUnit(KEY, large);
    database.close();
  });
});

describe('the ledger', () => {
  const entry = (response: string, score: number): LedgerEntry => ({
    weightsDigest: 'sha256:reward',
    promptDigest: digestOf('prompt'),
    responseDigest: digestOf(response),
    score,
    components: { b: 2, a: 1 },
    provenance: '{}',
  });

  it('knows a score by reward, prompt and response, and counts what was paid for', () => {
    const database = RunDatabase.open(temporaryFolder());
    const ledger = new Ledger(database);
    database.commit(() => {
      ledger.add([entry('x', 0.1), entry('y', -0)], 'training');
      ledger.add([entry('z', 3)], 'evaluation');
      ledger.countFound(4, 'training');
    });
    equal(ledger.score(entry('x', 0)), 0.1);
    equal(ledger.score({ ...entry('x', 0), weightsDigest: 'sha256:another' }), undefined);
    deepEqual(ledger.counts('training'), { paid: 2, fromLedger: 4 });
    deepEqual(ledger.counts('evaluation'), { paid: 1, fromLedger: 0 });
    database.close();
  });

  it('takes no second score for what it holds', () => {
    const database = RunDatabase.open(temporaryFolder());
    const ledger = new Ledger(database);
    database.commit(() => ledger.add([entry('x', 1)], 'training'));
    throws(() => database.commit(() => ledger.add([entry('x', 2)], 'training')), /UNIQUE/);
    equal(ledger.score(entry('x', 0)), 1);
    deepEqual(ledger.counts('training'), { paid: 1, fromLedger: 0 });
    database.close();
  });
});

describe('artifacts', () => {
  it('come back as they were, under the digest of their content', async () => {
    const artifacts = await Artifacts.open(temporaryFolder());
    const digest = await artifacts.put(Buffer.from('weights'));
    equal(digest, digestOf('weights'));
    equal(Buffer.from(await artifacts.get(digest)).toString(), 'weights');
  });

  it('that were altered or are gone are named, never used', async () => {
    const folder = temporaryFolder();
    const artifacts = await Artifacts.open(folder);
    const digest = await artifacts.put(Buffer.from('weights'));
    writeFileSync(join(folder, 'artifacts', digest.replace(':', '-')), 'weighty');
    await rejects(artifacts.get(digest), { code: 'ARTIFACT_DAMAGED' });
    await rejects(artifacts.get(digestOf('other')), { code: 'ARTIFACT_DAMAGED' });
  });

  it('that a crash left over are swept', async () => {
    const folder = temporaryFolder();
    const artifacts = await Artifacts.open(folder);
    const kept = await artifacts.put(Buffer.from('kept'));
    await artifacts.put(Buffer.from('orphan'));
    writeFileSync(join(folder, 'artifacts', 'half.partial'), 'ha');
    await artifacts.sweep(new Set<Digest>([kept]));
    deepEqual(readdirSync(join(folder, 'artifacts')), [kept.replace(':', '-')]);
    ok(await artifacts.get(kept));
  });
});
