/** The same statements about artifacts, in a folder and in a bucket. */
import { after, describe, it } from 'node:test';
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, type Digest } from '#core';
import { startPrivateS3, type PrivateS3 } from '../../../../../test/support/private-s3.js';
import { temporaryFolder } from '../../testing/toy-run.js';
import type { Artifacts } from './artifacts.js';
import { FolderArtifacts, artifactFileName } from './folder-artifacts.js';
import { S3Artifacts } from './s3-artifacts.js';

interface ArtifactPlace {
  readonly open: () => Promise<Artifacts>;
  /** Names of what is stored. */
  readonly names: () => Promise<string[]>;
  /** Replaces what is stored under a digest. */
  readonly alter: (digest: Digest, content: string) => Promise<void>;
}

let server: Promise<PrivateS3> | undefined;
let placeCount = 0;
after(async () => await (await server)?.remove());

const PLACES: { readonly name: string; readonly place: () => Promise<ArtifactPlace> }[] = [
  { name: 'in a folder', place: folderPlace },
  { name: 'in a bucket', place: bucketPlace },
];

for (const { name, place } of PLACES) {
  describe(`artifacts ${name}`, () => {
    it('come back as they were, under the digest of their content', async () => {
      const artifacts = await (await place()).open();
      const digest = await artifacts.put(Buffer.from('weights'));
      equal(digest, digestOf('weights'));
      equal(await artifacts.put(Buffer.from('weights')), digest);
      const bytes = await artifacts.get(digest);
      equal(Buffer.from(bytes).toString(), 'weights');
      equal(Buffer.isBuffer(bytes), false, 'a slice is a copy');
    });

    it('that were altered or are gone are named, never used', async () => {
      const { open, alter } = await place();
      const artifacts = await open();
      const digest = await artifacts.put(Buffer.from('weights'));
      await alter(digest, 'weighty');
      await rejects(artifacts.get(digest), { code: 'ARTIFACT_DAMAGED' });
      await rejects(artifacts.get(digestOf('other')), { code: 'ARTIFACT_DAMAGED' });
    });

    it('that a crash left over are swept, and no others', async () => {
      const { open, names } = await place();
      const artifacts = await open();
      const kept = await artifacts.put(Buffer.from('kept'));
      await artifacts.put(Buffer.from('orphan'));
      await artifacts.sweep(new Set<Digest>([kept]));
      deepEqual(await names(), [artifactFileName(kept)]);
      ok(await artifacts.get(kept));
    });

    it('go when they are removed, and removing them again is harmless', async () => {
      const { open, names } = await place();
      const artifacts = await open();
      const digest = await artifacts.put(Buffer.from('weights'));
      await artifacts.remove(digest);
      await artifacts.remove(digest);
      deepEqual(await names(), []);
    });

    it('of some megabytes come back whole', async () => {
      const artifacts = await (await place()).open();
      const bytes = Buffer.alloc(5 * 2 ** 20, 'metaapo');
      equal(digestOf(await artifacts.get(await artifacts.put(bytes))), digestOf(bytes));
    });
  });
}

describe('artifacts in a folder', () => {
  it('leave no half-written file behind', async () => {
    const folder = temporaryFolder();
    const artifacts = await FolderArtifacts.open(folder);
    writeFileSync(join(folder, 'half.partial'), 'ha');
    await artifacts.sweep(new Set());
    deepEqual(readdirSync(folder), []);
  });
});

describe('artifacts in a bucket', () => {
  it('are refused by name where the bucket does not exist', async () => {
    server ??= startPrivateS3();
    const place = (await server).placeOf('x').replace('s3://metaapo/', 's3://absent/');
    await rejects(S3Artifacts.open(place, 'run'), { code: 'STORAGE_REFUSED', message: /s3:\/\/absent\/x\/run/ });
  });
});

async function folderPlace(): Promise<ArtifactPlace> {
  const folder = temporaryFolder();
  return {
    open: async () => await FolderArtifacts.open(folder),
    names: async () => readdirSync(folder),
    alter: async (digest, content) => writeFileSync(join(folder, artifactFileName(digest)), content),
  };
}

/** Each in a part of the bucket of its own, beside another run's. */
async function bucketPlace(): Promise<ArtifactPlace> {
  server ??= startPrivateS3();
  const place = (await server).placeOf('runs');
  const key = `run_${placeCount++}`;
  const neighbour = await S3Artifacts.open(place, `${key}_neighbour`);
  const theirs = await neighbour.put(Buffer.from('of another run'));
  return {
    open: async () => await S3Artifacts.open(place, key),
    names: async () => {
      ok(await neighbour.get(theirs));
      return await (await S3Artifacts.open(place, key)).fileNames();
    },
    alter: async (digest, content) => await (await S3Artifacts.open(place, key)).replace(digest, Buffer.from(content)),
  };
}
