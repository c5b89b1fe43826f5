import { describe, it } from 'node:test';
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { digestOf, systemClock, type Digest } from '#core';
import { temporaryFolder } from '../../testing/toy-run.js';
import { FolderArtifacts } from './folder-artifacts.js';
import { openRunStorage } from './run-storage.js';

describe('the file of a run', () => {
  const UNIT = {
    key: { iteration: 0, phase: 'score', unit: 3 },
    requestDigest: digestOf('request'),
    result: Buffer.alloc(100_000),
    elapsedMs: 0,
  };

  it('is refused when another version wrote it', async () => {
    const folder = temporaryFolder();
    await (await openRunStorage(folder, { clock: systemClock })).close();
    const database = new DatabaseSync(join(folder, 'run.sqlite'));
    database.exec('PRAGMA user_version = 99');
    database.close();
    await rejects(openRunStorage(folder, { clock: systemClock }), { code: 'RUN_SCHEMA_UNKNOWN' });
  });

  it('says by name that the disk is full, and goes on when there is room', async () => {
    const folder = temporaryFolder();
    const small = await openRunStorage(folder, { clock: systemClock, pageCountMax: 24 });
    await rejects(small.journal.commit({ units: [UNIT] }), { code: 'DISK_FULL' });
    await small.close();
    const storage = await openRunStorage(folder, { clock: systemClock });
    await storage.journal.commit({ units: [UNIT] });
    await storage.close();
  });
});

describe('artifacts', () => {
  it('come back as they were, under the digest of their content', async () => {
    const artifacts = await FolderArtifacts.open(join(temporaryFolder(), 'artifacts'));
    const digest = await artifacts.put(Buffer.from('weights'));
    equal(digest, digestOf('weights'));
    equal(Buffer.from(await artifacts.get(digest)).toString(), 'weights');
  });

  it('that were altered or are gone are named, never used', async () => {
    const folder = temporaryFolder();
    const artifacts = await FolderArtifacts.open(join(folder, 'artifacts'));
    const digest = await artifacts.put(Buffer.from('weights'));
    writeFileSync(join(folder, 'artifacts', digest.replace(':', '-')), 'weighty');
    await rejects(artifacts.get(digest), { code: 'ARTIFACT_DAMAGED' });
    await rejects(artifacts.get(digestOf('other')), { code: 'ARTIFACT_DAMAGED' });
  });

  it('that a crash left over are swept', async () => {
    const folder = temporaryFolder();
    const artifacts = await FolderArtifacts.open(join(folder, 'artifacts'));
    const kept = await artifacts.put(Buffer.from('kept'));
    await artifacts.put(Buffer.from('orphan'));
    writeFileSync(join(folder, 'artifacts', 'half.partial'), 'ha');
    await artifacts.sweep(new Set<Digest>([kept]));
    deepEqual(readdirSync(join(folder, 'artifacts')), [kept.replace(':', '-')]);
    ok(await artifacts.get(kept));
  });
});
