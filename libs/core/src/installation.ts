/** @file Where this installation lies on disk, and which version it is. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from './errors.js';

/** The folder with package.json, found upwards from this file, so that sources and `dist/` agree: the checkout's root. */
export function installationRoot(): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); dir !== dirname(dir); dir = dirname(dir)) {
    if (existsSync(join(dir, 'package.json'))) return dir;
  }
  assert(false, 'no package.json was found above libs/core');
}

/** `version` of package.json. */
export function installedVersion(): string {
  return (JSON.parse(readFileSync(join(installationRoot(), 'package.json'), 'utf8')) as { version: string }).version;
}
