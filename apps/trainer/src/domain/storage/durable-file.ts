/**
 * @file A file that is there whole or not at all: written beside its place, synced, renamed, and its folder synced. Without
 * the first sync a power cut could leave the name with no content, without the second one no name.
 */
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
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
