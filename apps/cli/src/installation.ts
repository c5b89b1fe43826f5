/** @file Where this installation of metaapo lies, and its version. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from '#core';

/** The folder with package.json, found upwards from this file, so that sources and `dist/` agree. */
export function installationRoot(): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); dir !== dirname(dir); dir = dirname(dir)) {
    if (existsSync(join(dir, 'package.json'))) return dir;
  }
  assert(false, 'no package.json was found above apps/cli');
}

/** Version of a package: this one, or an installed one by name. Undefined when it is not installed. */
export function versionOf(packageName?: string): string | undefined {
  const folder = packageName === undefined ? '' : join('node_modules', packageName);
  const path = join(installationRoot(), folder, 'package.json');
  if (!existsSync(path)) return undefined;
  return (JSON.parse(readFileSync(path, 'utf8')) as { version?: string }).version;
}
