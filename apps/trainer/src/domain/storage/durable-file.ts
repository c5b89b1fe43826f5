/**
 * @file A file that is there whole or not at all: written beside its place, synced, renamed, and its folder synced. Without
 * the first sync a power cut could leave the name with no content, without the second one no name.
 */
import { open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asDiskError } from './storage.errors.js';

const PARTIAL_SUFFIX = '.partial';

/** Writes a file so that it is there whole or not at all, whatever happens meanwhile. @throws DiskFullError */
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
    await sync(dirname(path));
  } catch (error) {
    await rm(partial, { force: true });
    throw asDiskError(error, path.split('/').at(-1) ?? path);
  }
}

/** Makes a folder's files durable, its name too: what is said of it afterwards outlives a power cut. @throws DiskFullError */
export async function syncFolder(folder: string): Promise<void> {
  try {
    for (const name of await readdir(folder)) await sync(join(folder, name));
    await sync(folder);
    await sync(dirname(folder));
  } catch (error) {
    throw asDiskError(error, folder.split('/').at(-1) ?? folder);
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
