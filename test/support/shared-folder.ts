/**
 * @file Reference data that lies beside the checkout, where there is any: golden results, preference data, models.
 *
 * Tests that need it skip with a reason where it is absent.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout: the folder with package-lock.json. */
export function repositoryRoot(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package-lock.json'))) dir = dirname(dir);
  return dir;
}

/** A folder of the reference data. */
export function sharedFolder(name: string): string {
  return join(repositoryRoot(), '..', 'shared', name);
}

/** For `node:test`: false where the folder is there, else why the test is skipped. */
export function skipWithout(name: string): string | false {
  return existsSync(sharedFolder(name)) ? false : `no reference data: ../shared/${name} is absent`;
}
