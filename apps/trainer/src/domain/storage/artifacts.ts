/**
 * @file `artifacts/`: files named by the digest of their content, so that a name can be checked and never goes stale.
 *
 * A file is written beside its place, synced, renamed, and its folder synced: after a crash it is there whole or not at
 * all. The journal names a file only after that.
 */
import { open, mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf, type Digest } from '#core';
import { ArtifactDamagedError, asDiskError } from './storage.errors.js';

const PARTIAL_SUFFIX = '.partial';

/** Writes a file so that it is there whole or not at all, whatever happens meanwhile. */
export async function writeDurably(path: string, bytes: Uint8Array | string): Promise<void> {
  const partial = `${path}${PARTIAL_SUFFIX}`;
  try {
    const file = await open(partial, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
    const folder = await open(dirname(path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    await rm(partial, { force: true });
    throw asDiskError(error, path.split('/').at(-1) ?? path);
  }
}

export class Artifacts {
  private constructor(private readonly folder: string) {}

  static async open(runDirectory: string): Promise<Artifacts> {
    const folder = join(runDirectory, 'artifacts');
    await mkdir(folder, { recursive: true });
    return new Artifacts(folder);
  }

  /** Stores bytes and returns their name. */
  async put(bytes: Uint8Array): Promise<Digest> {
    const digest = digestOf(bytes);
    const path = this.pathOf(digest);
    const held = await stat(path).catch(() => undefined);
    if (held?.size !== bytes.byteLength) await writeDurably(path, bytes);
    return digest;
  }

  /** @throws ArtifactDamagedError (`ARTIFACT_DAMAGED`) */
  async get(digest: Digest): Promise<Uint8Array> {
    const bytes = await readFile(this.pathOf(digest)).catch((error: unknown) => {
      throw new ArtifactDamagedError(digest, 'no readable file', error);
    });
    const found = digestOf(bytes);
    if (found !== digest) throw new ArtifactDamagedError(digest, found);
    // A plain array: a Buffer's `slice` shares memory instead of copying, which readers of tensors do not expect.
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  async remove(digest: Digest): Promise<void> {
    await rm(this.pathOf(digest), { force: true });
  }

  /** Removes what a crash left over: half-written files, and files that the journal does not name. */
  async sweep(inUse: ReadonlySet<Digest>): Promise<void> {
    const names = new Set([...inUse].map((digest) => fileName(digest)));
    for (const name of await readdir(this.folder)) {
      if (!names.has(name)) await rm(join(this.folder, name), { force: true });
    }
  }

  private pathOf(digest: Digest): string {
    return join(this.folder, fileName(digest));
  }
}

/** Colons are not allowed in file names everywhere. */
function fileName(digest: Digest): string {
  return digest.replace(':', '-');
}
