/** @file Puts a finished file or folder in its place: made beside it, then renamed, so that it is there whole or not at all. */
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ExportExistsError } from './export.errors.js';

export interface PlaceOptions {
  /** Whether what lies there may be replaced. */
  readonly force: boolean;
}

/** Calls `make` with a path beside the place. @throws ExportExistsError before anything is made */
export async function placeOutput(
  path: string,
  { force }: PlaceOptions,
  make: (path: string) => Promise<void>,
): Promise<void> {
  if ((await exists(path)) && !force) throw new ExportExistsError(path);
  await mkdir(dirname(path), { recursive: true });
  const [making, old] = [`${path}.exporting`, `${path}.replaced`];
  for (const leftOver of [making, old]) await rm(leftOver, { recursive: true, force: true });
  try {
    await make(making);
    if (await exists(path)) {
      if (!force) throw new ExportExistsError(path);
      await rename(path, old);
    }
    await rename(making, path);
  } finally {
    for (const leftOver of [making, old]) await rm(leftOver, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
