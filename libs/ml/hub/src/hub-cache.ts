/**
 * @file The cache on disk, laid out as Python's huggingface_hub does:
 *
 *   models--org--name/refs/main                  the commit that the branch was at
 *   models--org--name/blobs/<etag>               files by content
 *   models--org--name/snapshots/<commit>/<file>  → ../../blobs/<etag>
 *
 * A link is made only to a blob that is whole, so what a snapshot shows can be used. Format:
 * huggingface.co/docs/huggingface_hub/guides/manage-cache.
 */
import { copyFile, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { randomUUID } from 'node:crypto';

const COMMIT = /^[0-9a-f]{40}$/;

/** True for the full name of a commit, whose files never change. */
export function isCommit(revision: string): boolean {
  return COMMIT.test(revision);
}

/** One repository's part of the cache. */
export class HubCache {
  readonly dir: string;
  /** Locks lie beside the repositories, as Python's do. */
  readonly locksDir: string;

  constructor(cacheDir: string, repo: string) {
    const folder = ['models', ...repo.split('/')].join('--');
    this.dir = join(cacheDir, folder);
    this.locksDir = join(cacheDir, '.locks', folder);
  }

  blob(etag: string): string {
    return join(this.dir, 'blobs', etag);
  }

  snapshot(commit: string): string {
    return join(this.dir, 'snapshots', commit);
  }

  /** The commit that a branch or tag was at when it was last asked for. */
  async commitOf(revision: string): Promise<string | undefined> {
    if (isCommit(revision)) return revision;
    const text = await readFile(join(this.dir, 'refs', revision), 'utf8').catch(() => '');
    return isCommit(text.trim()) ? text.trim() : undefined;
  }

  async rememberCommit(revision: string, commit: string): Promise<void> {
    if (isCommit(revision)) return;
    const path = join(this.dir, 'refs', revision);
    await mkdir(dirname(path), { recursive: true });
    await replacing(path, (beside) => writeFile(beside, commit));
  }

  /** Shows a blob under its name in a snapshot; copies where the system has no links. */
  async show(etag: string, commit: string, file: string): Promise<void> {
    const path = join(this.snapshot(commit), file);
    const blob = this.blob(etag);
    await mkdir(dirname(path), { recursive: true });
    await replacing(path, async (beside) => {
      await symlink(relative(dirname(path), blob), beside).catch(() => copyFile(blob, beside));
    });
  }
}

/** True for a file, through links, of this size where one is given. */
export async function isWhole(path: string, sizeBytes?: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && (sizeBytes === undefined || found.size === sizeBytes);
}

/** Readers see the old or the new, never a part. */
async function replacing(path: string, write: (beside: string) => Promise<void>): Promise<void> {
  const beside = `${path}.${randomUUID()}`;
  try {
    await write(beside);
    await rename(beside, path);
  } catch (thrown) {
    await rm(beside, { force: true });
    throw thrown;
  }
}
