/** @file Artifacts in a folder, `artifacts/` of the run directory if the configuration names no other. */
import { mkdir, readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, type Digest } from '#core';
import type { Artifacts } from './artifacts.js';
import { writeDurably } from './durable-file.js';
import { ArtifactDamagedError, asDiskError } from './storage.errors.js';

export class FolderArtifacts implements Artifacts {
  private constructor(private readonly folder: string) {}

  static async open(folder: string): Promise<FolderArtifacts> {
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw asDiskError(error, 'the folder of artifacts');
    });
    return new FolderArtifacts(folder);
  }

  /** A folder that is there, or whose files are then missing. */
  static at(folder: string): FolderArtifacts {
    return new FolderArtifacts(folder);
  }

  async put(bytes: Uint8Array): Promise<Digest> {
    const digest = digestOf(bytes);
    const path = this.pathOf(digest);
    const held = await stat(path).catch(() => undefined);
    if (held?.size !== bytes.byteLength) await writeDurably(path, bytes);
    return digest;
  }

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

  async sweep(inUse: ReadonlySet<Digest>): Promise<void> {
    const names = new Set([...inUse].map((digest) => artifactFileName(digest)));
    for (const name of await readdir(this.folder)) {
      if (!names.has(name)) await rm(join(this.folder, name), { force: true });
    }
  }

  private pathOf(digest: Digest): string {
    return join(this.folder, artifactFileName(digest));
  }
}

/** Colons are not allowed in file names everywhere. */
export function artifactFileName(digest: Digest): string {
  return digest.replace(':', '-');
}
